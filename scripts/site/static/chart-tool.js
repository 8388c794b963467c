/* Stands before the code of datasette-vega (plugins/chart_tool.py), which draws with a Vega of 2018 that compiles expressions at run
   time. Its charts are drawn by the Vega of datasette-dashboards instead, whose interpreter compiles nothing. */
const chartTool = (() => {
  const own = document.currentScript;
  const load = (name) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.nonce = own.nonce;
    script.src = new URL(`../datasette_dashboards/${name}`, own.src);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  let loaded;
  /* What is taken away says where it is from. */
  const title = () => ({
    text: document.querySelector("h1")?.textContent.trim() ?? document.title,
    subtitle: [
      `Rows of this page of ${location.host}${location.pathname}${location.search}`,
      `OpenAI leadership changes, ${document.querySelector("a[href*=creativecommons]")?.textContent ?? "see there for the licence"}`,
    ],
    anchor: "start",
  });
  const draw = async (place, spec, options) => {
    loaded ??= load("vega.min.js").then(() => load("vega-lite.min.js")).then(() => load("vega-embed.min.js"));
    await loaded;
    await vegaEmbed(place, { title: title(), ...spec }, { ...options, ast: true, actions: { export: true, source: false, compiled: false, editor: false } });
  };
  /* What the old Vega makes of text while it is loaded are accessors such as `return _["id"];`, and nothing else. */
  const accessor = (name, body) => {
    const path = body.startsWith("return _[") ? [...body.matchAll(/\["((?:[^"\\]|\\.)*)"\]/g)].map((found) => JSON.parse(`"${found[1]}"`)) : [];
    return (row) => path.reduce((value, key) => value[key], row);
  };
  return { draw, accessor };
})();
