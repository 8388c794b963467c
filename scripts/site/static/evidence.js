/* Copy buttons: without this script the text is selected by hand. */
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = status.dataset.copied;
    } catch {
      // Browsers give the clipboard to secure pages only; the text stays selected.
      status.textContent = status.dataset.selected;
    }
  });
}
