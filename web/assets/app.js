// What pages can do better with a script. Everything works without it.

const root = document.documentElement;
root.classList.add("js");

/* ---------- words of the page ---------- */

const toast = document.getElementById("toast");
let toastTimer;

function say(text) {
  if (!toast || !text) return;
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 6000);
}

/* ---------- times in the viewer's own time zone ---------- */

function localTimes(within) {
  const format = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const element of within.querySelectorAll("time[data-local]")) {
    element.textContent = format.format(new Date(element.dateTime));
    delete element.dataset.local;
  }
}

// The server draws weeks and calendars for the place where the browser is.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `setwise_time_zone=${zone}; path=/; max-age=31536000; samesite=lax`;

/* ---------- how long the workout runs ---------- */

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function elapsed() {
  for (const element of document.querySelectorAll("time[data-elapsed]")) {
    element.textContent = clock((Date.now() - Date.parse(element.dateTime)) / 1000);
  }
}

/* ---------- the rest timer ---------- */

const rest = {
  bar: document.getElementById("rest-timer"),
  until: 0,
  length: 90,
  over: false,

  /** Rests as long as the plan says; without one, as long as last time. */
  start(planned) {
    if (!this.bar || planned === 0) return;
    this.length = planned || Number(remembered("rest-length")) || 90;
    this.until = Date.now() + this.length * 1000;
    this.over = false;
    this.keep();
    this.show();
  },

  restore() {
    if (!this.bar) return;
    const kept = JSON.parse(remembered("rest") || "null");
    if (!kept || kept.path !== location.pathname || kept.until < Date.now()) return;
    Object.assign(this, { until: kept.until, length: kept.length });
    this.show();
  },

  change(by) {
    this.length = Math.max(15, this.length + by);
    this.until = Math.max(Date.now(), this.until + by * 1000);
    remember("rest-length", String(this.length));
    this.keep();
    this.show();
  },

  stop() {
    this.until = 0;
    remember("rest", "");
    this.bar.hidden = true;
  },

  keep() {
    remember("rest", JSON.stringify({ path: location.pathname, until: this.until, length: this.length }));
  },

  show() {
    const left = (this.until - Date.now()) / 1000;
    this.bar.hidden = false;
    this.bar.classList.toggle("is-over", left <= 0);
    this.bar.style.setProperty("--left", String(Math.max(0, Math.min(1, left / this.length))));
    this.bar.querySelector("[data-rest-left]").textContent = left > 0 ? clock(Math.ceil(left)) : "";
    const label = this.bar.querySelector("[data-rest-label]");
    label.dataset.resting ??= label.textContent;
    label.textContent = left > 0 ? label.dataset.resting : this.bar.dataset.over;
  },

  tick() {
    if (!this.bar || this.bar.hidden || !this.until) return;
    this.show();
    if (Date.now() >= this.until && !this.over) {
      this.over = true;
      navigator.vibrate?.([200, 100, 200]);
      setTimeout(() => this.over && this.stop(), 15000);
    }
  },
};

function remembered(key) {
  try {
    return localStorage.getItem(`setwise-${key}`);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(`setwise-${key}`, value);
  } catch {
    // A private window may keep nothing: the timer then lives as long as the page.
  }
}

rest.bar?.addEventListener("click", (event) => {
  const action = event.target.closest("[data-rest]")?.dataset.rest;
  if (action === "stop") rest.stop();
  else if (action) rest.change(Number(action));
});

/* ---------- dragging exercises into another order ---------- */

function sortable(list) {
  let dragged = null;
  let before = "";
  const order = () => [...list.children].map((item) => item.dataset.id);

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    dragged = grip.closest("[data-id]");
    before = order().join();
    grip.setPointerCapture(event.pointerId);
    dragged.classList.add("is-dragged");
  });

  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const others = [...list.children].filter((item) => item !== dragged);
    const middle = (item) => item.getBoundingClientRect().top + item.offsetHeight / 2;
    const next = others.find((item) => event.clientY < middle(item)) ?? null;
    if (next !== dragged.nextElementSibling) list.insertBefore(dragged, next);
  });

  const drop = () => {
    if (!dragged) return;
    dragged.classList.remove("is-dragged");
    dragged = null;
    if (order().join() !== before) send(order());
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);

  function send(ids) {
    const form = document.getElementById(list.dataset.sortable);
    const values = { csrf: form.elements.csrf.value, instance: ids };
    const place = `#${list.id}`;
    window.htmx.ajax("POST", form.action, { values, target: place, select: place, swap: "outerHTML" });
  }
}

/* ---------- htmx ---------- */

// A form that saves itself shows only what was refused: a redrawn row would
// take away what is being typed into it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.elt.matches("[data-quiet]") && xhr.status === 422) {
    event.detail.swapOverride = "outerHTML";
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  // The form itself has been redrawn meanwhile.
  const { requestConfig, xhr } = event.detail;
  const leaves = xhr.getResponseHeader("HX-Redirect") !== null;
  if (xhr.status !== 200 || leaves || !requestConfig.elt.matches("[data-log-set]")) return;
  const { restAfter } = requestConfig.elt.dataset;
  rest.start(restAfter === undefined ? undefined : Number(restAfter));
});

document.addEventListener("htmx:sendError", lost);
document.addEventListener("htmx:timeout", lost);
document.addEventListener("htmx:responseError", (event) => {
  const { expired, failed } = document.body.dataset;
  // A token that no longer holds: another session has begun meanwhile.
  say(event.detail.xhr.status === 403 ? expired : failed);
});

document.addEventListener("htmx:load", (event) => begin(event.target));

/* ---------- a connection that was lost, and is back ---------- */

let looksAgain = false;

// The answer may be what was lost, not the request: only the server knows
// whether it saved.
function lost() {
  say(document.body.dataset.lost);
  if (looksAgain) return;
  looksAgain = true;
  setTimeout(lookAgain, 3000);
}

async function lookAgain() {
  let answer, text;
  try {
    answer = await fetch(location.href, { headers: { accept: "text/html" } });
    text = await answer.text();
  } catch {
    answer = null;
  }
  if (!answer || answer.status >= 500) {
    setTimeout(lookAgain, 3000);
    return;
  }
  looksAgain = false;
  // The rest timer stands beside the workout and goes on.
  const id = document.getElementById("workout") ? "workout" : "main";
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
  if (answer.redirected || !fresh) {
    location.reload();
    return;
  }
  redraw(document.getElementById(id), fresh);
  say(document.body.dataset.back);
}

// Keeps what was typed, and where.
function redraw(stale, fresh) {
  const entered = entries(stale);
  const focused = stale.contains(document.activeElement) ? document.activeElement.id : "";
  stale.replaceWith(fresh);
  for (const [field, value] of entered) enter(field, value);
  window.htmx.process(fresh);
  begin(fresh);
  if (focused) document.getElementById(focused)?.focus();
}

// What was typed and not sent, or sent and not answered, by the fields' ids.
function entries(within) {
  const fields = [...within.querySelectorAll("input[id], textarea[id]")];
  const typed = fields.filter((field) => field.type !== "file" && field.value !== field.defaultValue);
  return typed.map((field) => [field.id, field.value]);
}

function enter(id, value) {
  const field = document.getElementById(id);
  if (!field) return;
  field.value = value;
  field.closest("details")?.setAttribute("open", "");
}

function begin(within) {
  localTimes(within);
  elapsed();
  const lists = within.matches("[data-sortable]") ? [within] : within.querySelectorAll("[data-sortable]");
  for (const list of lists) {
    if (list.dataset.ready) continue;
    list.dataset.ready = "true";
    sortable(list);
  }
}

/* ---------- a workout that changes on another device ---------- */

const changes = { known: true, looking: false, missing: false };

function follow() {
  const workout = document.querySelector("#workout[data-changes]");
  if (!workout) return;
  const events = new EventSource(workout.dataset.changes);
  events.addEventListener("changed", lookAtChanges);
  events.addEventListener("error", () => {
    // What was refused is not asked for again by itself; the page will tell why.
    if (events.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      lookAtChanges();
      follow();
    }, 10000);
  });
}

// One look at a time; what changes meanwhile is seen by the next.
async function lookAtChanges() {
  changes.known = false;
  if (changes.looking) return;
  changes.looking = true;
  while (!changes.known) {
    // The answer to a form of ours shows its own change.
    while (document.querySelector(".htmx-request")) await pause(200);
    changes.known = true;
    await showChanges();
  }
  changes.looking = false;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function showChanges() {
  let answer, text;
  try {
    answer = await fetch(location.href, { headers: { accept: "text/html" } });
    text = await answer.text();
  } catch {
    answer = null;
  }
  // What is not there once may be in a part that does not answer now; twice, it is gone.
  const wasMissing = changes.missing;
  changes.missing = answer?.status === 404;
  if (!answer?.ok && !(changes.missing && wasMissing)) {
    setTimeout(lookAtChanges, 3000);
    return;
  }
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("workout");
  const stale = document.getElementById("workout");
  if (answer.redirected || !fresh || !stale) {
    location.reload();
    return;
  }
  const cards = (within) => [...within.querySelectorAll(".log-card")];
  const kind = (within) => [...cards(within), within.querySelector("#generation")].map((part) => part?.id).join();
  if (kind(stale) !== kind(fresh)) {
    redraw(stale, fresh);
    say(fresh.dataset.changed);
    return;
  }
  const isOther = (card) => document.getElementById(card.id).dataset.version !== card.dataset.version;
  const others = cards(fresh).filter(isOther);
  for (const card of others) redraw(document.getElementById(card.id), card);
  // Whose turn it is in a superset stands in every card of it.
  for (const turn of fresh.querySelectorAll(".turn")) document.getElementById(turn.id)?.replaceWith(turn);
  if (others.length === 0) return;
  const totals = "workout-totals";
  redraw(document.getElementById(totals), fresh.querySelector(`#${totals}`));
  say(fresh.dataset.changed);
}

begin(document.body);
rest.restore();
follow();
setInterval(() => {
  elapsed();
  rest.tick();
}, 1000);
