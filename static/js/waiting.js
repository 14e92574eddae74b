/*
 * What is typed and not stored yet, kept in this browser until the server has it.
 *
 * An entry lies in localStorage under person, file, row and window, so that another
 * person on the same machine neither sees nor sends it, and two windows do not take
 * each other's. A window that was closed leaves its entries to the next one that opens
 * the file. Where the browser refuses storage, entries live as long as the page.
 *
 *   parIndex.waiting(user, file) -> {
 *     put(entry), remove(slug),
 *     adopt(take)   calls take(entry) for each entry that a closed window left here
 *     isDurable()   whether entries outlive the page
 *   }
 *
 * An entry: slug, name, action, version, fields, sent, clear, first (when the row was
 * first changed), at (when it was last changed).
 */
(function () {
  "use strict";

  var PREFIX = "par-index:waiting:";
  var ASK = "par-index:who-is-open";
  var HERE = "par-index:open";
  var LAST_PAGE = "par-index:page";
  var DAYS_KEPT = 30;
  var TIME_TO_ANSWER = 600;

  var page = Date.now().toString(36) + Math.random().toString(36).slice(2);

  function attempt(act, otherwise) {
    try {
      return act();
    } catch (storageIsClosedOrFull) {
      return otherwise;
    }
  }

  function read(key) {
    return attempt(function () {
      return JSON.parse(localStorage.getItem(key));
    }, null);
  }

  function keysBelow(prefix) {
    return attempt(function () {
      return Object.keys(localStorage).filter(function (key) {
        return key.indexOf(prefix) === 0;
      });
    }, []);
  }

  function drop(key) {
    attempt(function () {
      localStorage.removeItem(key);
    });
  }

  /* Whoever it was: after that time the deadline is long over. */
  function forgetTheOld() {
    var oldest = Date.now() - DAYS_KEPT * 86400000;
    keysBelow(PREFIX).forEach(function (key) {
      var entry = read(key);
      if (!entry || !(entry.at > oldest)) drop(key);
    });
  }

  /* ---- which windows are open ---- */

  window.addEventListener("storage", function (event) {
    if (event.key !== ASK || !event.newValue) return;
    attempt(function () {
      localStorage.setItem(HERE, page + " " + Math.random());
    });
  });

  /* Calls back with the other pages that answered: ``{page: true}``. */
  function whoIsOpen(then) {
    var open = {};
    function note(event) {
      if (event.key === HERE && event.newValue) open[event.newValue.split(" ")[0]] = true;
    }
    window.addEventListener("storage", note);
    attempt(function () {
      localStorage.setItem(ASK, page + " " + Math.random());
    });
    setTimeout(function () {
      window.removeEventListener("storage", note);
      then(open);
    }, TIME_TO_ANSWER);
  }

  /* The page that stood in this window before it was loaded again, "" otherwise: a
     window that was opened as a copy has another navigation. */
  function pageBefore() {
    var before = attempt(function () {
      return sessionStorage.getItem(LAST_PAGE);
    }, "");
    attempt(function () {
      sessionStorage.setItem(LAST_PAGE, page);
    });
    var entries = performance.getEntriesByType ? performance.getEntriesByType("navigation") : [];
    return entries.length && entries[0].type === "reload" ? before : "";
  }

  /* ---- the entries of one person in one file ---- */

  window.parIndex = window.parIndex || {};

  window.parIndex.waiting = function (user, file) {
    var prefix = PREFIX + user + ":" + file + ":";
    var isDurable = true;

    function keyOf(slug, owner) {
      return prefix + slug + ":" + owner;
    }

    function put(entry) {
      isDurable = attempt(function () {
        localStorage.setItem(keyOf(entry.slug, page), JSON.stringify(entry));
        return true;
      }, false);
    }

    function remove(slug) {
      drop(keyOf(slug, page));
    }

    function takeOver(owner, take) {
      keysBelow(prefix).forEach(function (key) {
        if (key.slice(key.lastIndexOf(":") + 1) !== owner) return;
        var entry = read(key);
        drop(key);
        if (entry) take(entry);
      });
    }

    function adopt(take) {
      var before = pageBefore();
      if (before) takeOver(before, take);
      var owners = {};
      keysBelow(prefix).forEach(function (key) {
        var owner = key.slice(key.lastIndexOf(":") + 1);
        if (owner !== page) owners[owner] = true;
      });
      if (!Object.keys(owners).length) return;
      whoIsOpen(function (open) {
        Object.keys(owners).forEach(function (owner) {
          if (!open[owner]) takeOver(owner, take);
        });
      });
    }

    forgetTheOld();
    return {
      put: put,
      remove: remove,
      adopt: adopt,
      isDurable: function () {
        return isDurable;
      },
    };
  };
})();
