// Filters at once what the page already holds. Without this script the form asks the server for the same.
(function () {
  const form = document.querySelector(".filter");
  const status = document.getElementById("count");
  const entries = Array.from(document.querySelectorAll(".entry"));
  const groups = Array.from(document.querySelectorAll(".group"));
  // A page that the server has filtered already lacks entries, so it must be asked again.
  const whole = !["story", "entry", "who", "standing"].some((name) => new URLSearchParams(location.search).get(name));

  const allYears = form.elements.year.value === "all" && !new URLSearchParams(location.search).get("year");  // as the server chose

  function apply() {
    const chosen = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const entry of entries) {
      const fits = ["story", "entry", "standing"].every((name) => !chosen[name] || entry.dataset[name] === chosen[name]) &&
        (!chosen.who || entry.dataset.who.includes("|" + chosen.who + "|"));
      entry.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(".entry:not([hidden])");
    const undated = entries.filter((entry) => !entry.hidden && entry.classList.contains("entry-undated")).length;
    status.textContent = shown + " of " + entries.length + " entries" + (undated ? ", " + undated + " of them undated" : "");
    const query = new URLSearchParams(Object.entries(chosen).filter(([name, value]) => value && !(name === "zone" && value === "pacific") && !(name === "year" && allYears)));
    history.replaceState(null, "", location.pathname + (query.size ? "?" + query : ""));
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "zone" || event.target.name === "year" || !whole) form.submit();
    else apply();
  });
})();
