/* Suggestions while one types in a search box (form.find): a list of links below it, by mouse or by arrow keys. Without it the box works as it is. */
(() => {
  for (const input of document.querySelectorAll("form.find input[name=q]")) {
    const form = input.form;
    const address = new URL(form.action).pathname.replace(/find$/, "suggest.json");
    const root = address.replace(/-\/suggest\.json$/, "");  // of this page's language; addresses in JSON have none
    const plain = document.documentElement.lang.startsWith("zh") ? root.replace(/zh\/$/, "") : root;
    const inLanguage = (path) => root + path.slice(plain.length);
    const list = document.createElement("ul");
    list.id = `${input.id}-suggestions`;
    list.className = "find-suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.suggestions || "Suggestions");
    list.hidden = true;
    input.parentElement.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]])
      input.setAttribute(name, value);
    let waiting, asked, chosen = -1;

    const close = () => { list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choose = (place) => {
      chosen = (place + list.children.length) % list.children.length;
      [...list.children].forEach((item, position) => item.setAttribute("aria-selected", position === chosen));
      input.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    };
    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map((suggestion, position) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${position}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.path = inLanguage(suggestion.path);
        const name = document.createElement("span");
        name.textContent = suggestion.label;
        const kind = document.createElement("small");
        kind.textContent = suggestion.said;
        item.append(name, " ", kind);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = item.dataset.path; });
        return item;
      }));
      chosen = -1;
      list.hidden = !suggestions.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const ask = async () => {
      const typed = input.value.trim();
      asked?.abort();
      if (!typed) return close();
      asked = new AbortController();
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 180); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      else if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); choose(chosen + 1); }
      else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); choose(chosen < 0 ? list.children.length - 1 : chosen - 1); }
      else if (event.key === "Enter" && chosen >= 0 && !list.hidden) { event.preventDefault(); location.href = list.children[chosen].dataset.path; }
    });
  }
})();
