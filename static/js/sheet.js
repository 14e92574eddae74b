/*
 * The score sheet with script: rows open in place, filters and search answer at once, and
 * everything can be done with the keyboard alone. Without it a row, a filter and a search
 * are links and a form. That rows save themselves is saving.js.
 *
 * A row tells what happens to it by events on its form (on its detail where it can only be
 * read): row:opened from here; row:edited, row:saved and row:unsaved from saving.js.
 */
(function () {
  "use strict";

  var sheet = document.querySelector("table.score-sheet");
  if (!sheet) return;

  var root = document.documentElement;
  var tools = document.querySelector(".sheet-tools");
  var said = document.getElementById("sheet-said");
  var search = document.getElementById("sheet-search");
  var empty = document.getElementById("sheet-empty");
  var keys = document.getElementById("sheet-keys");
  var rail = document.getElementById("rail");

  function all(selector, inside) {
    return Array.prototype.slice.call((inside || document).querySelectorAll(selector));
  }

  function say(text) {
    if (said) said.textContent = text;
  }

  /* ---- the parts of a row ---- */

  function groupOf(element) {
    return element && element.closest ? element.closest("tbody.row-group") : null;
  }

  function lineOf(group) {
    return group.querySelector(".sheet-row");
  }

  function toggleOf(group) {
    return group.querySelector(".row-toggle");
  }

  function detailOf(group) {
    return group.querySelector(".is-detail");
  }

  function slugOf(group) {
    return group.id.replace(/^group-/, "");
  }

  function isShown(group) {
    return !group.hidden && !group.classList.contains("is-folded");
  }

  /* Rows that open, in order, as far as they are shown. */
  function shownRows() {
    return all("tbody.row-group", sheet).filter(function (group) {
      return isShown(group) && toggleOf(group);
    });
  }

  function firstInput(group) {
    var found = all("input, textarea, select", detailOf(group)).filter(function (input) {
      return input.type !== "hidden" && !input.disabled && input.offsetParent;
    });
    var chosen = found.filter(function (input) {
      return input.type === "radio" && input.checked && input.name === found[0].name;
    });
    return chosen[0] || found[0];
  }

  /* ---- open and close ---- */

  /* Line and toggle say what the detail is; a line may just have come from the server. */
  function mark(group) {
    var detail = detailOf(group);
    var toggle = toggleOf(group);
    if (!detail || !toggle) return;
    lineOf(group).classList.toggle("is-open", !detail.hidden);
    toggle.setAttribute("role", "button");
    toggle.setAttribute("aria-controls", detail.id);
    toggle.setAttribute("aria-expanded", String(!detail.hidden));
    if (detail.hidden) detail.removeAttribute("data-told");
  }

  function tell(group) {
    var detail = detailOf(group);
    if (!detail || detail.hidden || detail.hasAttribute("data-told")) return;
    detail.setAttribute("data-told", "");
    var source = detail.querySelector(".row-form") || detail;
    source.dispatchEvent(new CustomEvent("row:opened", { bubbles: true }));
  }

  function markAll() {
    all("tbody.row-group", sheet).forEach(mark);
  }

  function open(group, isOpen) {
    detailOf(group).hidden = !isOpen;
    mark(group);
    if (isOpen) tell(group);
  }

  function isOpen(group) {
    return !detailOf(group).hidden;
  }

  /* ---- where the eye is ---- */

  /* What tools and head cover of the window once the sheet scrolls below them. */
  function headEnd() {
    var isSticky = getComputedStyle(tools).position === "sticky";
    return isSticky ? tools.offsetHeight + sheet.tHead.rows[0].offsetHeight : 0;
  }

  function barHeight() {
    var bar = document.querySelector(".sheet-bar");
    return bar ? bar.offsetHeight : 0;
  }

  /* Puts the line at a height of the window, within what is not covered. */
  function place(line, top) {
    var highest = headEnd() + 4;
    var lowest = Math.max(highest, (window.innerHeight - barHeight()) / 2);
    var wanted = Math.min(Math.max(top, highest), lowest);
    window.scrollBy(0, line.getBoundingClientRect().top - wanted);
  }

  function bringIntoSight(element) {
    if (element) element.scrollIntoView({ block: "nearest" });
  }

  /* Opens a row and goes to its first field; the row that is left closes, and the line
     that is worked on stays where the last one was. */
  function workOn(group, left) {
    var line = lineOf(group);
    var from = left && left !== group ? lineOf(left).getBoundingClientRect() : null;
    var isBelow = from && from.top <= line.getBoundingClientRect().top;
    open(group, true);
    var input = firstInput(group) || toggleOf(group);
    input.focus({ preventScroll: true });
    if (input.select && /^(text|search|)$/.test(input.type)) input.select();
    if (left && left !== group && isOpen(left)) open(left, false);
    place(line, from ? from.top + (isBelow ? from.height : 0) : line.getBoundingClientRect().top);
    bringIntoSight(input);
  }

  function workingGroup() {
    return groupOf(document.activeElement) || groupOf(sheet.querySelector(".is-open"));
  }

  function neighbour(group, step) {
    var rows = shownRows();
    return rows[rows.indexOf(group) + step];
  }

  function moveOn(group) {
    var next = neighbour(group, 1);
    if (next) {
      workOn(next, group);
      return;
    }
    open(group, false);
    toggleOf(group).focus();
  }

  /* ---- what is shown: filter, search, folded fields ---- */

  var links = all("a[data-show]", tools);
  var unsaved = new Set();
  var show = current();
  var folded = new Map();

  function current() {
    var link = tools && tools.querySelector("a[data-show][aria-current]");
    return link ? link.getAttribute("data-show") : "";
  }

  /* As scoring/vietnamese.py has it: lower case, no diacritics, đ is d. */
  function fold(text) {
    return text
      .toLowerCase()
      .replace(/đ/g, "d")
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "");
  }

  function words(group) {
    if (!folded.has(group)) {
      var line = lineOf(group);
      var name = line.querySelector(".clamp-2");
      folded.set(group, fold(line.cells[0].textContent.trim() + " " + name.textContent.trim()));
    }
    return folded.get(group);
  }

  function hasMark(group, wanted) {
    if (wanted === "unsaved" && unsaved.has(slugOf(group))) return true;
    var marks = lineOf(group).getAttribute("data-marks") || "";
    return (" " + marks + " ").indexOf(" " + wanted + " ") >= 0;
  }

  function branches(act) {
    var field = null;
    var criterion = null;
    Array.prototype.forEach.call(sheet.tBodies, function (body) {
      if (!body.classList.contains("branch-group")) {
        act(body, field, criterion);
      } else if (body.querySelector(".is-field")) {
        field = body;
        criterion = null;
      } else {
        criterion = body;
        act(body, field, null);
      }
    });
  }

  function applyFilter() {
    var text = search ? fold(search.value.trim()) : "";
    var isNarrow = Boolean(show || text);
    var left = 0;
    all("tbody.branch-group", sheet).forEach(function (body) {
      body.hidden = isNarrow;
      body.classList.remove("is-folded");
    });
    branches(function (body, field, criterion) {
      if (body.classList.contains("branch-group")) return;
      var fits = (!show || hasMark(body, show)) && (!text || words(body).indexOf(text) >= 0);
      body.classList.remove("is-folded");
      body.hidden = !fits;
      if (!fits) return;
      left += 1;
      if (field) field.hidden = false;
      if (criterion) criterion.hidden = false;
    });
    all(".fold", sheet).forEach(function (button) {
      button.setAttribute("aria-expanded", "true");
    });
    if (empty) empty.hidden = left > 0;
    markFoldAll();
    markField();
    return left;
  }

  function writeAddress() {
    var given = [];
    if (show) given.push("show=" + encodeURIComponent(show));
    if (search && search.value.trim()) given.push("q=" + encodeURIComponent(search.value.trim()));
    var query = given.length ? "?" + given.join("&") : "";
    history.replaceState(history.state, "", location.pathname + query);
  }

  /* The focus never stays on a line that is gone. */
  function keepInSight(group) {
    var rows = shownRows();
    var goal = group && isShown(group) ? group : rows[0];
    if (!goal) return;
    if (group && goal !== group) toggleOf(goal).focus({ preventScroll: true });
    if (group || lineOf(goal).getBoundingClientRect().top < headEnd()) {
      place(lineOf(goal), lineOf(goal).getBoundingClientRect().top);
    }
  }

  function setFilter(wanted) {
    var group = groupOf(document.activeElement);
    show = wanted;
    links.forEach(function (link) {
      if (link.getAttribute("data-show") === wanted) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    var left = applyFilter();
    recount();
    writeAddress();
    announce(left);
    keepInSight(group);
  }

  function showAll() {
    if (search) search.value = "";
    setFilter("");
  }

  function announce(left) {
    var link = links.filter(function (one) {
      return one.getAttribute("data-show") === show;
    })[0];
    if (!link) return;
    var name = link.querySelector(".filter-name").textContent;
    say(
      tools.getAttribute("data-announce").replace("%(label)s", name).replace("%(count)s", left)
    );
  }

  /* The figures beside the filters; the lines themselves stay until a filter is set. */
  function recount() {
    var rows = all("tbody.row-group", sheet);
    links.forEach(function (link) {
      var wanted = link.getAttribute("data-show");
      var count = rows.filter(function (group) {
        return !wanted || hasMark(group, wanted);
      }).length;
      link.querySelector(".filter-count").textContent = String(count);
      link.parentNode.classList.toggle("is-void", Boolean(wanted) && !count && wanted !== show);
    });
  }

  function nextFilter() {
    var usable = links.filter(function (link) {
      return !link.parentNode.classList.contains("is-void");
    });
    var places = usable.map(function (link) {
      return link.getAttribute("data-show");
    });
    setFilter(places[(places.indexOf(show) + 1) % places.length]);
  }

  /* ---- fields fold ---- */

  function foldField(head, isFolded) {
    branches(function (body, field) {
      if (field === head) body.classList.toggle("is-folded", isFolded);
    });
    var button = head.querySelector(".fold");
    if (button) button.setAttribute("aria-expanded", String(!isFolded));
    markFoldAll();
  }

  function foldButtons() {
    return all(".fold", sheet);
  }

  function isFolded(button) {
    return button.getAttribute("aria-expanded") === "false";
  }

  function markFoldAll() {
    var button = tools && tools.querySelector("[data-fold-all]");
    if (!button) return;
    var isAllFolded = foldButtons().every(isFolded);
    button.textContent = button.getAttribute(isAllFolded ? "data-open" : "data-close");
  }

  function foldAll() {
    var isAllFolded = foldButtons().every(isFolded);
    foldButtons().forEach(function (button) {
      foldField(button.closest("tbody"), !isAllFolded);
    });
  }

  /* Whatever hides a line gives way when somebody goes there. */
  function reveal(body) {
    if (body.hidden) showAll();
    branches(function (other, field) {
      if (other === body && field && other.classList.contains("is-folded")) foldField(field, false);
    });
  }

  /* ---- the rail ---- */

  function jump(row) {
    var body = row.closest("tbody");
    reveal(body);
    var name = row.querySelector("th");
    name.setAttribute("tabindex", "-1");
    name.focus({ preventScroll: true });
    row.scrollIntoView({ block: "start" });
    markField();
  }

  function markField() {
    if (!rail) return;
    var edge = headEnd() + 60;
    var here = null;
    all("tr.is-field", sheet).forEach(function (row) {
      var isAbove = row.getBoundingClientRect().top <= edge;
      if (!row.parentNode.hidden && (isAbove || !here)) here = row.id;
    });
    all("a[data-jump]", rail).forEach(function (link) {
      if (link.getAttribute("data-jump") === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  var isAsked = false;
  window.addEventListener(
    "scroll",
    function () {
      if (isAsked) return;
      isAsked = true;
      window.requestAnimationFrame(function () {
        isAsked = false;
        markField();
      });
    },
    { passive: true }
  );

  /* ---- the next criterion that waits ---- */

  function nextOpen() {
    var rows = all("tbody.row-group", sheet).filter(function (group) {
      return !group.hidden && toggleOf(group);
    });
    var here = workingGroup();
    var start = rows.indexOf(here);
    var order = rows.slice(start + 1).concat(rows.slice(0, start + 1));
    var next = order.filter(function (group) {
      return hasMark(group, "not_scored");
    })[0];
    if (!next) {
      say(tools.getAttribute("data-none"));
      return;
    }
    reveal(next);
    workOn(next, here);
  }

  /* ---- the dialog of keys ---- */

  var LETTERS = "sheet-letters";

  function lettersAreOn() {
    try {
      return localStorage.getItem(LETTERS) !== "off";
    } catch (storageIsClosed) {
      return true;
    }
  }

  function keepLetters(isOn) {
    try {
      if (isOn) localStorage.removeItem(LETTERS);
      else localStorage.setItem(LETTERS, "off");
    } catch (storageIsClosed) {
      /* The choice then holds for this page only: the keys stay as they are. */
    }
  }

  function showKeys() {
    if (!keys || keys.open) return;
    keys.querySelector("[data-letters]").checked = lettersAreOn();
    if (keys.showModal) keys.showModal();
    else keys.setAttribute("open", "");
    keys.querySelector("[data-close-keys]").focus();
  }

  function closeKeys() {
    if (keys.close) keys.close();
    else keys.removeAttribute("open");
  }

  if (keys) {
    keys.addEventListener("click", function (event) {
      if (event.target === keys || event.target.closest("[data-close-keys]")) closeKeys();
    });
    keys.addEventListener("change", function (event) {
      if (event.target.matches("[data-letters]")) keepLetters(event.target.checked);
    });
  }

  /* ---- clicks ---- */

  function openFrom(opener, event) {
    var detail = document.getElementById(opener.getAttribute("data-opens"));
    if (!detail) return;
    event.preventDefault();
    var group = groupOf(detail);
    if (opener.classList.contains("row-toggle")) {
      open(group, !isOpen(group));
      return;
    }
    reveal(group);
    open(group, true);
    lineOf(group).scrollIntoView({ block: "start" });
    toggleOf(group).focus({ preventScroll: true });
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!target.closest || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    var found;
    if ((found = target.closest("[data-opens]"))) {
      openFrom(found, event);
    } else if ((found = target.closest("a[data-show]"))) {
      event.preventDefault();
      if (found.closest("#sheet-empty")) showAll();
      else setFilter(found.getAttribute("data-show"));
    } else if ((found = target.closest("a[data-jump]"))) {
      var row = document.getElementById(found.getAttribute("data-jump"));
      if (!row) return;
      event.preventDefault();
      jump(row);
    } else if ((found = target.closest(".fold"))) {
      foldField(found.closest("tbody"), !isFolded(found));
    } else if (target.closest("[data-fold-all]")) {
      foldAll();
    } else if (target.closest("[data-next-open]")) {
      nextOpen();
    } else if (target.closest("[data-keys]")) {
      showKeys();
    } else if ((found = target.closest("[data-totals-more]"))) {
      var isFull = found.closest(".sheet-bar").classList.toggle("is-full");
      found.setAttribute("aria-expanded", String(isFull));
    } else if ((found = target.closest(".sheet-row"))) {
      var isPlain = !target.closest("a, button, input, abbr") && !String(getSelection());
      if (isPlain && toggleOf(groupOf(found))) open(groupOf(found), !isOpen(groupOf(found)));
    }
  });

  /* ---- keys ---- */

  function isTyping(element) {
    if (!element.tagName) return false;
    if (/^(TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable) return true;
    return element.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(element.type);
  }

  function isPlain(event) {
    return !event.altKey && !event.ctrlKey && !event.metaKey;
  }

  function onToggle(event, toggle) {
    var group = groupOf(toggle);
    if (event.key === " ") {
      event.preventDefault();
      toggle.click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen(group) && !firstInput(group)) open(group, false);
      else if (detailOf(group).querySelector(".row-form")) workOn(group, null);
      else open(group, !isOpen(group));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      var next = neighbour(group, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      if (next) toggleOf(next).focus();
    }
  }

  function onField(event, group) {
    var field = event.target;
    if (event.key !== "Enter" || event.altKey || event.metaKey || event.shiftKey) return;
    if (!/^(INPUT|TEXTAREA)$/.test(field.tagName) || field.type === "file") return;
    if (field.tagName === "TEXTAREA" ? !event.ctrlKey : event.ctrlKey) return;
    event.preventDefault();
    moveOn(group);
  }

  function onLetter(event) {
    if (event.key === "n" && document.querySelector("[data-next-open]")) nextOpen();
    else if (event.key === "f") nextFilter();
    else if (event.key === "?") showKeys();
    else return;
    event.preventDefault();
  }

  /* Whoever turned the single keys off has turned off "/" of all pages here, too. */
  document.addEventListener(
    "keydown",
    function (event) {
      if (event.key === "/" && !isTyping(event.target) && !lettersAreOn()) event.stopPropagation();
    },
    true
  );

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (!target.closest || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      var detail = target.closest("tr.is-detail");
      if (detail && !event.defaultPrevented) {
        var group = groupOf(detail);
        open(group, false);
        toggleOf(group).focus();
      }
    } else if (isPlain(event) && target.classList.contains("row-toggle")) {
      onToggle(event, target);
    } else if (target.closest(".row-form")) {
      onField(event, groupOf(target));
    }
    if (event.defaultPrevented || !isPlain(event) || isTyping(target) || !lettersAreOn()) return;
    onLetter(event);
  });

  /* ---- search ---- */

  if (search) {
    search.addEventListener("input", function () {
      announce(applyFilter());
      writeAddress();
    });
    search.form.addEventListener("submit", function (event) {
      var first = shownRows()[0];
      event.preventDefault();
      if (first) toggleOf(first).focus();
    });
  }

  /* ---- what an answer brought; saving itself is saving.js ---- */

  var focusedRow = "";

  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var line = event.target;
    if (line.classList && line.classList.contains("sheet-row")) {
      focusedRow = line.contains(document.activeElement) ? line.id : "";
    }
  });

  function settle() {
    markAll();
    recount();
    markField();
    var line = focusedRow && document.getElementById(focusedRow);
    focusedRow = "";
    if (line && line.querySelector(".row-toggle")) {
      line.querySelector(".row-toggle").focus({ preventScroll: true });
    }
  }

  document.addEventListener("htmx:oobAfterSwap", function (event) {
    settle();
    var trouble = event.target.id && document.getElementById(event.target.id);
    var isOfRow = trouble && trouble.matches(".row-outcome") && trouble.querySelector(".notice");
    if (isOfRow && trouble.offsetParent && groupOf(trouble) === workingGroup()) {
      bringIntoSight(trouble);
    }
  });

  document.addEventListener("htmx:afterSwap", function () {
    settle();
    all("tbody.row-group", sheet).forEach(tell);
  });

  function note(isUnsaved) {
    return function (event) {
      var group = groupOf(event.target);
      if (!group) return;
      if (isUnsaved) unsaved.add(slugOf(group));
      else unsaved.delete(slugOf(group));
      recount();
    };
  }

  var counting = 0;

  document.addEventListener("row:saved", note(false));
  document.addEventListener("row:unsaved", note(true));
  document.addEventListener("row:edited", function (event) {
    var group = groupOf(event.target);
    if (!group) return;
    unsaved.add(slugOf(group));
    /* What is saved in a moment need not be counted. */
    window.clearTimeout(counting);
    counting = window.setTimeout(recount, 4000);
  });

  /* ---- the page as it came ---- */

  root.classList.add("has-script");
  all("[data-scripted], [data-totals-more]").forEach(function (element) {
    element.hidden = false;
  });
  foldButtons().forEach(function (button) {
    button.hidden = false;
  });
  markAll();
  markField();
  document.addEventListener("DOMContentLoaded", function () {
    all("tbody.row-group", sheet).forEach(tell);
  });
  var trouble = sheet.querySelector("[id^='errors-']");
  if (trouble) trouble.scrollIntoView({ block: "center" });
})();
