// Comfort on top of pages that work without it. Each part looks for its own data- attribute and leaves the rest alone.

const fragment = { "X-Fragment": "1" };
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

/** `work`, once, when `pause` milliseconds have passed without a further call. */
function settled(pause, work) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(work, pause, ...values);
  };
}

/** One polite voice for the page. */
function say(text) {
  let voice = document.getElementById("voice");
  if (!voice) {
    voice = document.createElement("div");
    voice.id = "voice";
    voice.className = "hidden";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = text;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Progress of a job: asked every two seconds until the answer no longer wants to be asked.

const pollPause = 2_000, pollPauseLimit = 30_000;

async function poll(place, pause = pollPause) {
  await new Promise((resume) => setTimeout(resume, pause));
  if (!place.isConnected) return;
  if (document.hidden) return poll(place, pause);
  let next;
  try {
    const answer = await fetch(place.dataset.poll, { headers: fragment });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = parse(await answer.text());
    next = page.querySelector("[data-poll]") ?? page.querySelector(".job") ?? page.body.firstElementChild;
  } catch {
    return poll(place, Math.min(pause * 2, pollPauseLimit));
  }
  if (!next) return;
  if (next.dataset.say && next.dataset.say !== place.dataset.say) say(next.dataset.say);
  const focused = place.contains(document.activeElement) && document.activeElement.id;
  place.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus();
  if (next.dataset.poll) poll(next);
}

for (const place of document.querySelectorAll("[data-poll]")) poll(place);

// Live preview: the form as it stands is posted, the answer shown in #preview.

for (const form of document.querySelectorAll("form[data-preview]")) {
  let asked;
  const show = settled(300, async () => {
    const preview = document.getElementById("preview");
    if (!preview) return;
    asked?.abort();
    const mine = (asked = new AbortController());
    preview.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.preview, { method: "POST", headers: fragment, body, signal: mine.signal });
      if (answer.ok || answer.status === 422) {
        const page = parse(await answer.text());
        preview.replaceChildren(...(page.getElementById("preview") ?? page.body).childNodes);
      }
    } catch { /* the button that shows the effect as a page is still there */ }
    if (asked === mine) preview.removeAttribute("aria-busy");
  });
  form.addEventListener("input", show);
}

// Theme: system, light or dark.

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  const root = document.documentElement;
  const now = root.dataset.theme ?? "system";
  for (const choice of group.querySelectorAll("input")) choice.checked = choice.value === now;
  group.hidden = false;
  group.addEventListener("change", ({ target }) => {
    const chosen = target.value;
    if (chosen === "system") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      if (chosen === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", chosen);
    } catch { /* the choice holds for this page */ }
  });
}

// Reading: seconds in which the page is seen and used, and where one is in the text.

const idleLimit = 60_000;

for (const text of document.querySelectorAll("[data-reading]")) {
  let used = performance.now(), seconds = 0;
  const field = text.querySelector("input[name=seconds]");
  for (const sign of ["scroll", "pointermove", "pointerdown", "keydown", "touchstart"]) {
    addEventListener(sign, () => { used = performance.now(); }, { passive: true });
  }
  setInterval(() => {
    if (document.hidden || performance.now() - used > idleLimit) return;
    seconds += 1;
    if (field) field.value = String(seconds);
  }, 1_000);

  const links = new Map([...text.querySelectorAll(".margin a[href^='#']")]
    .map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  const headings = [...links.keys()].filter(Boolean);
  const mark = () => {
    const last = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3) ?? headings[0];
    for (const [heading, link] of links) {
      if (heading === last) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  if (headings.length > 0) {
    mark();
    addEventListener("scroll", mark, { passive: true });
  }
}

// Opened: sent once, when the page was seen for as long as its text takes to read.

for (const place of document.querySelectorAll("[data-dwell]")) {
  const form = place.querySelector("form");
  const needed = Number(place.dataset.dwell);
  let seconds = 0;
  const count = setInterval(() => {
    if (document.hidden) return;
    seconds += 1;
    if (seconds < needed + 1) return;
    clearInterval(count);
    const body = new URLSearchParams(new FormData(form));
    body.set("seconds", String(seconds));
    fetch(form.action, { method: "POST", headers: fragment, body, keepalive: true }).catch(() => {});
  }, 1_000);
}

// Destructive forms say what is lost, and ask.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.sure) return;
  event.preventDefault();
  const pressed = event.submitter;
  const verb = pressed?.textContent.trim() || "Continue";
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "sure" },
    element("form", { method: "dialog" },
      element("h2", { id: "sure" }, `${verb}?`),
      element("p", {}, form.dataset.confirm),
      element("div", { class: "actions" },
        element("button", { class: "button danger", value: "yes" }, verb),
        element("button", { class: "button", value: "", autofocus: "" }, "Cancel"))));
  dialog.addEventListener("close", () => {
    const sure = dialog.returnValue === "yes";
    dialog.remove();
    if (!sure) return pressed?.focus();
    form.dataset.sure = "yes";
    form.requestSubmit(pressed);
    delete form.dataset.sure;
  });
  document.body.append(dialog);
  dialog.showModal();
});

for (const opener of document.querySelectorAll("[data-open]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => document.getElementById(opener.dataset.open)?.showModal());
}

// Menus close on Escape and on a press elsewhere.

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("pointerdown", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    find();
  }
});

// The command palette: the plain page /palette, over the page one is on.

function find() {
  const form = document.querySelector(".top .search");
  if (!form) return location.assign("/palette");
  if (document.querySelector("dialog[open]")) return;
  const name = form.querySelector("label")?.textContent ?? "Search";
  const input = element("input", { type: "search", name: "q", "aria-label": name, autocomplete: "off", autofocus: "" });
  const list = element("div", {});
  const dialog = element("dialog", { class: "dialog finder", "aria-label": name },
    element("form", { class: "palette", role: "search", action: form.action, method: "get" },
      input, element("button", { class: "button primary" }, "Search")),
    list);
  let latest = 0;
  const look = async () => {
    const turn = (latest += 1);
    try {
      const path = new URL(form.action);
      path.searchParams.set("q", input.value);
      const answer = await fetch(path, { headers: fragment });
      if (!answer.ok || turn !== latest) return;
      const results = parse(await answer.text()).querySelector(".results");
      list.replaceChildren(...(results ? [results] : []));
      if (input.value) say(`${results?.children.length ?? 0} found`);
    } catch { /* Enter opens the plain page */ }
  };
  input.addEventListener("input", settled(150, look));
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[(Math.max(at, 0) + step + stops.length) % stops.length].focus();
  });
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  look();
}
