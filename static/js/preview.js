/*
 * Beside a row that is being filled in: what it would be worth, and last year.
 *
 * Points are asked of the server's engine a moment after the last key. Nothing waits
 * for the answer: an older question is called off, an answer that comes late is not
 * shown, and without a line there is simply nothing. Last year is fetched once, when
 * the row is opened. Works whether or not the scripts that open and save rows do.
 */
(function () {
  "use strict";

  var PAUSE = 300;
  var waiting = new WeakMap();

  function formOf(element) {
    return element && element.closest ? element.closest(".row-form") : null;
  }

  function slugOf(form) {
    return form.id.replace(/^form-/, "");
  }

  /* ---- points while typing ---- */

  function stateOf(form) {
    if (!waiting.has(form)) waiting.set(form, { timer: 0, request: null, number: 0 });
    return waiting.get(form);
  }

  function show(form, html) {
    var place = document.getElementById("preview-" + slugOf(form));
    if (!place) return;
    var given = document.createElement("div");
    given.innerHTML = html;
    var answer = given.querySelector("#" + place.id);
    if (html && !answer) return;
    var text = answer ? answer.innerHTML : "";
    if (place.innerHTML === text) return;
    keepStill(document.activeElement, form, function () {
      place.innerHTML = text;
      // The computation is shown once: as it is typed, not as it was saved.
      var row = form.closest(".row-detail");
      if (row) row.classList.toggle("has-preview", Boolean(place.firstElementChild));
    });
  }

  /* The input that is being typed in stays where it is on the screen. */
  function keepStill(input, form, change) {
    var isTyped = input && form.contains(input);
    var before = isTyped ? input.getBoundingClientRect().top : 0;
    change();
    if (isTyped) window.scrollBy(0, input.getBoundingClientRect().top - before);
  }

  function bodyOf(form) {
    var pairs = [];
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || input.disabled || /^(submit|button|file)$/.test(input.type)) return;
      if (/^(radio|checkbox)$/.test(input.type) && !input.checked) return;
      pairs.push(encodeURIComponent(input.name) + "=" + encodeURIComponent(input.value));
    });
    return pairs.join("&");
  }

  function callOff(state) {
    window.clearTimeout(state.timer);
    state.number += 1;
    if (state.request) state.request.abort();
    state.request = null;
  }

  function ask(form) {
    var state = stateOf(form);
    callOff(state);
    if (!form.isConnected || !document.getElementById("preview-" + slugOf(form))) return;
    var number = state.number;
    var request = new XMLHttpRequest();
    state.request = request;
    request.open("POST", form.action + "preview/");
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.setRequestHeader("HX-Request", "true");
    request.timeout = 15000;
    request.onload = function () {
      if (number === state.number) show(form, request.status === 200 ? request.responseText : "");
    };
    request.onerror = request.ontimeout = function () {
      if (number === state.number) show(form, "");
    };
    request.send(bodyOf(form));
  }

  function askSoon(form, pause) {
    var state = stateOf(form);
    callOff(state);
    state.timer = window.setTimeout(function () {
      ask(form);
    }, pause);
  }

  document.addEventListener("input", function (event) {
    var form = formOf(event.target);
    if (form) askSoon(form, PAUSE);
  });

  /* A tick or an option is a finished word; other scripts may set inputs after it. */
  document.addEventListener("change", function (event) {
    var form = formOf(event.target);
    if (form) askSoon(form, 0);
  });

  /* Which of the two numbers was meant. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-choose]");
    if (!button) return;
    var place = button.closest(".row-preview");
    var form = document.getElementById(place.id.replace(/^preview-/, "form-"));
    var input = form && form.elements[button.getAttribute("data-choose")];
    if (!input) return;
    input.value = button.getAttribute("data-value");
    input.focus();
    tell(input);
  });

  /* What the row says when it is saved or refused stands below; not twice. */
  document.addEventListener("row:unsaved", function (event) {
    var form = formOf(event.target);
    var place = form && document.getElementById("preview-" + slugOf(form));
    if (!place) return;
    Array.prototype.forEach.call(place.querySelectorAll(".preview-problem"), function (line) {
      line.parentNode.removeChild(line);
    });
  });

  /* ---- last year ---- */

  function load(place) {
    if (place.hasAttribute("data-loaded")) return;
    place.setAttribute("data-loaded", "");
    var request = new XMLHttpRequest();
    request.open("GET", place.getAttribute("data-beside"));
    request.setRequestHeader("HX-Request", "true");
    request.onload = function () {
      // A session that has ended says so at the next save; here the link stays.
      if (request.status !== 200) return place.removeAttribute("data-loaded");
      place.innerHTML = request.responseText;
      if (window.htmx) window.htmx.process(place);
    };
    request.onerror = function () {
      place.removeAttribute("data-loaded");
    };
    request.send();
  }

  function tell(input) {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function isTicked(input) {
    return input.type === "radio" || input.type === "checkbox";
  }

  /* Puts last year's answers into the row, as if they had been typed: what was there
     gives way, and the row saves itself as after any other change. */
  function useAgain(form, values) {
    var changed = null;
    Array.prototype.forEach.call(form.elements, function (input) {
      var isOfRow = /^d-/.test(input.name) || /^(points|na|reason)$/.test(input.name);
      if (!isOfRow) return;
      var given = values[input.name] || [];
      if (isTicked(input)) {
        var isChosen = given.indexOf(input.value) >= 0;
        if (input.checked !== isChosen) changed = input;
        input.checked = isChosen;
      } else {
        // An explanation written this year is not thrown away for nothing.
        var text = given.length || input.name !== "reason" ? given[0] || "" : input.value;
        if (input.value !== text) changed = input;
        input.value = text;
      }
    });
    if (changed) {
      changed.dispatchEvent(new Event("input", { bubbles: true }));
      // One change, of an input that stands for the whole: data before the reason.
      var data = form.querySelector("[name^='d-']") || form.elements.points || changed;
      data = (isTicked(data) && form.querySelector("[name^='d-']:checked")) || data;
      if (values.na) data = form.elements.na;
      data.dispatchEvent(new Event("change", { bubbles: true }));
    }
    askSoon(form, 0);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-again]");
    if (!button) return;
    var form = document.getElementById(button.getAttribute("data-form"));
    if (!form) return;
    useAgain(form, JSON.parse(button.getAttribute("data-again")));
    var done = button.parentNode.querySelector(".again-done");
    if (done) done.textContent = button.getAttribute("data-done");
  });

  /* ---- rows that open ---- */

  function opened(row) {
    var group = row && row.closest ? row.closest("tbody") : null;
    if (!group) return;
    var place = group.querySelector("[data-beside]");
    if (place) load(place);
    var form = group.querySelector(".row-form");
    if (form) askSoon(form, 0);
  }

  document.addEventListener("row:opened", function (event) {
    opened(event.target);
  });

  function openedAlready(inside) {
    Array.prototype.forEach.call(
      inside.querySelectorAll("tr.is-detail:not([hidden])"),
      opened
    );
  }

  /* A row that the server sends anew comes opened; the page may come with one. */
  document.addEventListener("htmx:load", function (event) {
    var elt = event.detail.elt;
    if (elt && elt.matches && elt.matches("tbody.row-group")) openedAlready(elt);
  });

  /* After a document was used again its button is gone: the focus stays in place. */
  document.addEventListener("htmx:afterSwap", function (event) {
    var place = event.target;
    if (!place.matches || !place.matches(".row-beside")) return;
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  });

  openedAlready(document);
})();
