/* A slider over the changes, and the view that it leads to without loading the page anew. Without this script steps and form do the same. */
const slider = document.getElementById("slider");
const steps = JSON.parse(slider.dataset.steps);
const output = document.getElementById("slid");
document.getElementById("slide").hidden = false;

let asked = 0;
let timer;
const addressOf = (at) => `${slider.dataset.page}?at=${at}`;

function mark() {
  const left = document.getElementById("state").dataset.left;
  document.querySelector(".succession").style.setProperty("--at", `${left}%`);
}

function say() {
  const step = steps[slider.value];
  output.textContent = step.text;
  slider.setAttribute("aria-valuetext", output.textContent);
}

async function show(at) {
  const turn = ++asked;
  const answer = await fetch(addressOf(at));
  if (!answer.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== asked) return;
  document.getElementById("state").replaceWith(page.getElementById("state"));
  document.getElementById("answer").replaceWith(page.getElementById("answer"));
  document.getElementById("at").value = at;
  document.title = page.title;
  history.replaceState(null, "", addressOf(at));
  mark();
}

slider.addEventListener("input", () => {
  say();
  clearTimeout(timer);
  timer = setTimeout(() => show(steps[slider.value].at), 120);
});
mark();
say();
