/*
 * Small helpers common to all pages. No framework; nothing here is needed to work:
 * without script every form still posts and every link still leads on.
 *
 *   [data-theme-switch]            button: light <-> dark
 *   form[data-warn-unsaved]        leaving the page with typed, unsent text asks first
 *   form[data-once]                every POST form has it by itself: a second press of
 *                                  the button sends nothing (off with data-many)
 *   select[data-autosubmit]        sends its form when changed
 *   [data-print]                   prints the page
 *   table[data-arrow-keys]         up, down and Enter move between inputs of a column
 *   [data-search]                  "/" goes there
 *   #rail                          below 992 px a sheet with a button
 */
(function () {
  "use strict";

  var root = document.documentElement;

  function each(selector, act, inside) {
    Array.prototype.forEach.call((inside || document).querySelectorAll(selector), act);
  }

  function on(event, selector, act) {
    document.addEventListener(event, function (happened) {
      var start = happened.target;
      var found = start instanceof Element && start.closest(selector);
      if (found) act(found, happened);
    });
  }

  /* ---- theme ---- */

  var machineIsDark = window.matchMedia("(prefers-color-scheme: dark)");

  function themeNow() {
    var chosen = root.getAttribute("data-theme");
    return chosen || (machineIsDark.matches ? "dark" : "light");
  }

  function labelThemeSwitches() {
    each("[data-theme-switch]", function (button) {
      var next = themeNow() === "dark" ? "light" : "dark";
      button.hidden = false;
      button.textContent = button.getAttribute("data-to-" + next);
    });
  }

  function choose(theme) {
    var isMachines = theme === (machineIsDark.matches ? "dark" : "light");
    try {
      if (isMachines) localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch (storageIsClosed) {
      /* The choice then holds for this page only. */
    }
    if (isMachines) root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    labelThemeSwitches();
  }

  on("click", "[data-theme-switch]", function () {
    choose(themeNow() === "dark" ? "light" : "dark");
  });
  if (machineIsDark.addEventListener) {
    machineIsDark.addEventListener("change", labelThemeSwitches);
  }

  /* ---- menus close on Escape and on a click elsewhere ---- */

  function closeMenus(except) {
    each("details.menu[open]", function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target instanceof Element ? event.target.closest("details.menu") : null);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("details.menu[open]", function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    openRail(false);
  });

  /* ---- the rail as a sheet on narrow screens ---- */

  var rail = document.getElementById("rail");
  var railToggle = document.getElementById("rail-toggle");

  function openRail(isOpen) {
    if (!rail || !railToggle || rail.classList.contains("is-open") === isOpen) return;
    rail.classList.toggle("is-open", isOpen);
    railToggle.setAttribute("aria-expanded", String(isOpen));
    railToggle.textContent = railToggle.getAttribute(isOpen ? "data-close" : "data-open");
    if (isOpen) {
      var first = rail.querySelector("a, button");
      if (first) first.focus();
    } else {
      railToggle.focus();
    }
  }

  if (rail && railToggle) {
    root.classList.add("has-sheet");
    railToggle.hidden = false;
    railToggle.addEventListener("click", function () {
      openRail(!rail.classList.contains("is-open"));
    });
    rail.addEventListener("click", function (event) {
      if (event.target.closest("a")) openRail(false);
    });
  }

  /* ---- unsaved text, and one press only ---- */

  var unsaved = new Set();

  on("input", "form[data-warn-unsaved]", function (form) {
    unsaved.add(form);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var isPlainPost = form.method === "post" && !form.hasAttribute("hx-post");
    if (isPlainPost && !form.hasAttribute("data-many")) {
      if (form.hasAttribute("data-sent")) {
        event.preventDefault();
        return;
      }
      if (!event.defaultPrevented) form.setAttribute("data-sent", "");
    }
    if (isPlainPost || form.method === "get") unsaved.delete(form);
  });

  window.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) {
      form.removeAttribute("data-sent");
    });
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) unsaved.delete(event.detail.elt.closest("form"));
  });

  window.addEventListener("beforeunload", function (event) {
    unsaved.forEach(function (form) {
      if (!form.isConnected) unsaved.delete(form);
    });
    if (unsaved.size) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  /* ---- what the server or the line says is brought into sight ---- */

  var alerts = document.getElementById("alerts");
  var lineLost = document.getElementById("line-lost");

  function sayLineLost() {
    if (!alerts || !lineLost || alerts.querySelector("[data-line-lost]")) return;
    alerts.appendChild(lineLost.content.cloneNode(true));
  }

  document.addEventListener("htmx:sendError", sayLineLost);

  /* 503 is ours when the file store is down, and then a piece of the page. A server in
     front says it with a page of its own, which has no place in this one. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    if (answer.status !== 503 || /^\s*<(?!!doctype|html)/i.test(answer.responseText)) return;
    event.detail.shouldSwap = false;
    sayLineLost();
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target === alerts) alerts.scrollIntoView({ block: "nearest" });
  });

  var firstFault = document.querySelector(".error-summary");
  if (firstFault) firstFault.focus();

  /* ---- keys ---- */

  function columnOf(input) {
    return input.closest("td, th").cellIndex;
  }

  function neighbour(input, step) {
    var table = input.closest("table");
    var inputs = Array.prototype.filter.call(
      table.querySelectorAll("input:not([type=hidden]):not(:disabled)"),
      function (other) {
        return other.offsetParent && columnOf(other) === columnOf(input);
      }
    );
    return inputs[inputs.indexOf(input) + step];
  }

  on("keydown", "table[data-arrow-keys] input", function (input, event) {
    var isFree = !event.altKey && !event.ctrlKey && !event.metaKey;
    var steps = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };
    var isTyped = !/^(radio|checkbox|file|submit|button)$/.test(input.type);
    if (!isFree || !isTyped || !(event.key in steps)) return;
    var next = neighbour(input, steps[event.key]);
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.select) next.select();
  });

  document.addEventListener("keydown", function (event) {
    var isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    var field = document.querySelector("[data-search]");
    if (event.key !== "/" || isTyping || !field) return;
    event.preventDefault();
    field.focus();
  });

  on("click", "[data-print]", function () {
    window.print();
  });

  on("change", "select[data-autosubmit]", function (select) {
    if (select.form.requestSubmit) select.form.requestSubmit();
    else select.form.submit();
  });

  labelThemeSwitches();
})();
