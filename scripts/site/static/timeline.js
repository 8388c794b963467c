// Shows what is chosen without loading the page anew, marks in the rail which section is in view, and keeps addresses short.
// Without this script the form and the links ask the server for the same pages.
(function () {
  const form = document.querySelector(".filter");
  const initial = { zone: "pacific" };  // what an address need not say

  function addressOf() {
    const chosen = Array.from(new FormData(form)).filter(([name, value]) => value.trim() && initial[name] !== value);
    const query = new URLSearchParams(chosen).toString();
    return form.getAttribute("action") + (query ? "?" + query : "");
  }

  async function show(address, remember) {
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["title", "shown"]) document.getElementById(id).replaceWith(page.getElementById(id));
      for (const name of ["from", "to"]) form.elements[name].value = page.querySelector(`.filter [name=${name}]`).value;
      document.title = page.title;
      if (remember) history.pushState(null, "", address);
      watch();
    } catch (error) {
      location.assign(address);
    }
  }

  form.addEventListener("change", () => show(addressOf(), true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(addressOf(), true);
  });
  addEventListener("popstate", () => location.reload());

  let watcher;
  function watch() {
    if (watcher) watcher.disconnect();
    for (const here of document.querySelectorAll(".rail [aria-current], .rail .holds")) {
      const row = here.closest("ul");
      if (row && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.clientWidth / 2;
    }
    const links = new Map(Array.from(document.querySelectorAll(".rail a[data-period]"), (link) => [link.dataset.period, link]));
    watcher = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const link = links.get(target.dataset.period);
        if (link) link.classList.toggle("in-view", isIntersecting);
      }
    });
    for (const section of document.querySelectorAll(".group[data-period]")) watcher.observe(section);
  }
  watch();
})();
