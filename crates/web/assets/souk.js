// The little script there is. Every page works without it; it saves clicks and waiting.
// No eval, no inline handlers, no style attributes: it holds under `script-src 'self'; style-src 'self'`.
"use strict";
(() => {
  const words = document.body.dataset;
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // ---- Toasts: a sentence in the corner, said to screen readers too.
  function toast(sentence) {
    const place = document.getElementById("toasts");
    if (!place) return;
    const note = document.createElement("div");
    note.className = "sk-toast";
    note.textContent = sentence;
    place.append(note);
    setTimeout(() => note.remove(), 4000);
  }

  // ---- Copying: <button data-copy="text">
  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // Without a secure context there is no clipboard object; the old way still works.
      const area = document.createElement("textarea");
      area.value = button.dataset.copy;
      area.className = "visually-hidden";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    toast(words.copied);
  }

  // ---- Dialogs: <a href="/a-page-that-asks" data-dialog="id">
  function openDialog(link, event) {
    const dialog = document.getElementById(link.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const copier = target.closest("[data-copy]");
    if (copier) copy(copier);
    const opener = target.closest("[data-dialog]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) openDialog(opener, event);
    if (target instanceof HTMLDialogElement && target.open) target.close(); // a click beside the dialog
    for (const menu of all("details.sk-drop[open]")) if (!menu.contains(target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of all("details.sk-drop[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      const search = document.getElementById("q");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (document.querySelector(".sk-shell")) {
        event.preventDefault();
        location.assign("/search#q"); // a console has no search of its own
      }
    }
  });

  // ---- Single keys, on pages with a list of them (<dialog id="keys">): data-key="a" is what the letter presses; where
  // several have one letter, the next of them. A list with data-rows is stepped through with j and k. `?` shows the list,
  // whose switch turns the letters off and is remembered (WCAG 2.1.4).
  const keyList = document.getElementById("keys");
  const keySwitch = document.getElementById("keys-on");
  const keysAreOff = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };

  function pressed(letter) {
    const marked = all(`[data-key="${letter}"]`);
    const rows = all("[data-rows] tbody th a");
    if (marked.length === 0 && rows.length > 0 && (letter === "j" || letter === "k")) {
      const at = rows.indexOf(document.activeElement);
      const next = letter === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
      rows[next].focus();
      return true;
    }
    const at = marked.findIndex((one) => one.contains(document.activeElement));
    const one = marked[(at + 1) % marked.length];
    if (!one) return false;
    if (one instanceof HTMLDetailsElement) one.open = true;
    const field = one.matches("details") ? one.querySelector("textarea, input, select") : one;
    field.focus();
    if (!one.matches("details, textarea")) one.click();
    return true;
  }

  if (keyList && keySwitch) {
    keySwitch.checked = !keysAreOff();
    keySwitch.addEventListener("change", () => {
      try { localStorage.setItem("keys", keySwitch.checked ? "on" : "off"); } catch { /* then until the next page */ }
    });
    document.addEventListener("keydown", (event) => {
      const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
      if (ctrlKey || metaKey || altKey || isComposing || event.defaultPrevented || keyList.open) return;
      const typing = target instanceof Element && target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
      if (typing || key.length !== 1) return;
      if (key === "?") keyList.showModal();
      else if (!keySwitch.checked || !/^[a-z]$/.test(key) || !pressed(key)) return;
      event.preventDefault();
    });
  }

  // ---- Revealed secrets: data-hide-after="60" blanks the element after so many seconds, and when the page is left.
  function hideLater(secret) {
    let left = Number(secret.dataset.hideAfter);
    const note = document.getElementById(secret.dataset.hideNote || "");
    const blank = () => {
      clearInterval(timer);
      secret.textContent = "••••••••••••";
      for (const button of all("[data-copy]", secret.parentElement)) button.remove();
      if (note) note.remove();
    };
    const timer = setInterval(() => {
      left -= 1;
      const number = note && note.querySelector("[data-seconds]");
      if (number) number.textContent = String(left);
      if (left <= 0) blank();
    }, 1000);
    addEventListener("pagehide", blank);
  }

  // ---- Drafts: <form data-autosave="/path">. The form as typed goes there; the answer's text is the status.
  function autosave(form) {
    const status = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
    const say = (sentence) => { if (status) status.textContent = sentence; };
    let timer = 0, busy = false, again = false, wait = 800, typed = 0;

    async function save() {
      if (busy) { again = true; return; }
      busy = true;
      say(words.saving);
      const sending = typed;
      try {
        const body = new URLSearchParams();
        const secret = new Set(all("input[type=password]", form).map((field) => field.name));
        for (const [name, value] of new FormData(form)) {
          if (typeof value === "string" && !secret.has(name)) body.append(name, value);
        }
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body, credentials: "same-origin", headers: { accept: "text/plain" },
        });
        const text = await answer.text();
        const version = answer.headers.get("draft-version");
        const field = form.elements.namedItem("version");
        if (version && field) field.value = version;
        if (answer.ok) {
          say(text);
          wait = 800;
          // What was typed while this was on its way is still only here.
          if (typed === sending) form.dataset.unsaved = "";
        } else {
          // A refusal says why and is not repeated by itself; the next keystroke tries again.
          say(text.length < 300 && !text.startsWith("<") ? text : words.notSaved);
        }
      } catch {
        say(words.notSaved);
        wait = Math.min(wait * 2, 30000);
        later();
      }
      busy = false;
      if (again) { again = false; later(); }
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    }

    form.addEventListener("input", () => { typed += 1; form.dataset.unsaved = "yes"; later(); });
    form.addEventListener("change", later);
    form.addEventListener("submit", () => { clearTimeout(timer); form.dataset.unsaved = ""; });
    addEventListener("beforeunload", (event) => { if (form.dataset.unsaved === "yes") event.preventDefault(); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && form.dataset.unsaved === "yes") save();
    });
  }

  // ---- Suggestions under a search box: an ARIA combobox with a list. Without this it is a plain search.
  function suggest(box) {
    const list = document.createElement("ul");
    list.id = `${box.id}-suggestions`;
    list.className = "sk-suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.suggestions);
    box.form.append(list);
    // A combobox may not be of the type search; the keyboard of a phone still shows its search key.
    const combobox = {
      type: "text", inputmode: "search", enterkeyhint: "search", autocomplete: "off", role: "combobox",
      "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
    };
    for (const [name, value] of Object.entries(combobox)) box.setAttribute(name, value);
    const language = document.documentElement.lang.slice(0, 2);
    let active = -1, timer = 0, asking = null;

    // Marks one option; before the first and after the last the box itself has its turn.
    function mark(place) {
      const options = Array.from(list.children);
      active = place < options.length ? place : -1;
      for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === active));
      if (active < 0) { box.removeAttribute("aria-activedescendant"); return; }
      box.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    }

    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      list.replaceChildren();
      box.setAttribute("aria-expanded", "false");
      mark(-1);
    }

    function show(products) {
      list.replaceChildren(...products.map((product, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.textContent = product.name;
        option.dataset.slug = product.slug;
        return option;
      }));
      list.hidden = products.length === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
      mark(-1);
    }

    async function ask() {
      if (asking) asking.abort();
      const typed = box.value.trim();
      if (!typed) { close(); return; }
      asking = new AbortController();
      try {
        const query = new URLSearchParams({ q: typed, lang: language });
        const answer = await fetch(`/api/v1/products/suggestions?${query}`, { signal: asking.signal, credentials: "omit" });
        if (answer.ok && document.activeElement === box) show((await answer.json()).items);
      } catch {
        // A newer question came, or the network is gone: the search itself still works.
      }
    }

    const open = (option) => { location.assign(`/products/${encodeURIComponent(option.dataset.slug)}`); };
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
    box.addEventListener("blur", close);
    box.form.addEventListener("submit", close);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // the keys belong to the input method
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else mark(event.key === "ArrowDown" ? active + 1 : (active < 0 ? list.children.length : active) - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        open(list.children[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) open(option);
    });
  }

  // ---- A form is sent once: a second click within five seconds is not another order.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sent === "yes") { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { form.dataset.sent = ""; }, 5000);
  });
  addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) form.dataset.sent = ""; });

  function start(root) {
    for (const secret of all("[data-hide-after]", root)) hideLater(secret);
    for (const form of all("form[data-autosave]", root)) autosave(form);
    for (const box of all("form[role=search] input[type=search]", root)) suggest(box);
  }

  start(document);
  document.addEventListener("htmx:after:swap", (event) => {
    const swapped = event.target instanceof Element ? event.target : null;
    if (swapped) for (const secret of all("[data-hide-after]", swapped)) hideLater(secret);
  });

  // The error summary is what a person must hear first (GOV.UK).
  const wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();
})();
