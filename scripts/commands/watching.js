{
  let banner = null, shown = "";
  const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const show = (faults, count) => {
    const now = JSON.stringify([faults, count]);
    if (now === shown) return;
    shown = now;
    banner?.remove();
    if (!count) return;
    banner = document.createElement("section");
    banner.id = "watched-faults";
    banner.setAttribute("role", "alert");
    banner.style.cssText = "position:sticky;top:0;z-index:99;max-height:45vh;overflow:auto;padding:.6rem 1rem;background:#7a1420;color:#fff;font:15px/1.45 system-ui,sans-serif";
    const list = document.createElement("ol");
    list.style.cssText = "margin:.3rem 0 0;padding-left:1.4rem;font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere";
    list.append(...faults.map((fault) => line("li", fault)));
    banner.append(line("strong", `${count} ${count === 1 ? "fault" : "faults"}; this page shows the former state.`), list);
    if (count > faults.length) banner.append(line("p", `… and ${count - faults.length} more; the terminal has them all.`));
    document.body.prepend(banner);
  };
  const ask = async () => {
    try {
      const told = await (await fetch(watched.address, { cache: "no-store" })).json();
      if (told.state !== watched.state) return location.reload();
      show(told.faults, told.count);
    } catch { /* the server is away; it is asked again */ }
    setTimeout(ask, 50);
  };
  ask();
}
