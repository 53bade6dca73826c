import Canon

/// The one script of the pages: it sorts, filters and shows the table of its page, and looks for newer pages.
///
/// It writes text and never markup, fetches nothing, and is named by its hash in the policy of each page.
enum SiteScript {
    /// Its SHA-256 in base64, as a policy names it.
    static let hash: String = {
        let words = Digest(of: Array(text.utf8).span).words
        var bytes: [UInt8] = []
        for word in [words.x, words.y, words.z, words.w] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return Base64.encode(bytes)
    }()

    /// The script.
    ///
    /// `#sort=-loss&filter=n>100` after a page's address is a view that can be linked.
    static let text = #"""
        "use strict";
        (() => {
          const data = JSON.parse(document.getElementById("data").textContent);
          if (data.refresh) setTimeout(() => location.reload(), data.refresh * 1000);
          const table = data.table;
          if (!table) return;
          const byId = name => document.getElementById(name);
          const columns = table.columns, step = 200;
          const isNumber = columns.map((_, place) => {
            const known = table.rows.map(row => row[place]).filter(value => value !== null);
            return known.length > 0 && known.every(value => typeof value === "number");
          });
          let sort = "", filter = "", shown = step;
          const text = value => {
            if (value === null) return "–";
            if (typeof value !== "number") return String(value);
            if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
            return String(Number(value.toPrecision(5)));
          };
          const view = () => {
            const parts = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
            sort = parts.get("sort") || "";
            filter = parts.get("filter") || "";
          };
          const note = () => {
            const parts = [];
            if (sort) parts.push("sort=" + encodeURIComponent(sort));
            if (filter) parts.push("filter=" + encodeURIComponent(filter));
            history.replaceState(null, "", "#" + parts.join("&"));
          };
          const test = term => {
            const found = term.match(/^(.+?)\s*(>=|<=|!=|==|=|>|<)\s*(.*)$/);
            const place = found ? columns.indexOf(found[1].trim()) : -1;
            if (place < 0) {
              const word = term.toLowerCase();
              return row => row.some(value => text(value).toLowerCase().includes(word));
            }
            const sign = found[2], bound = found[3].trim(), number = Number(bound);
            return row => {
              const value = row[place];
              if (value === null) return false;
              const isNumeric = typeof value === "number" && bound !== "" && !isNaN(number);
              const [a, b] = isNumeric ? [value, number] : [String(value), bound];
              switch (sign) {
              case ">=": return a >= b;
              case "<=": return a <= b;
              case ">": return a > b;
              case "<": return a < b;
              case "!=": return a !== b;
              default: return a === b;
              }
            };
          };
          const chosen = () => {
            const tests = filter.split(/,| and /).map(term => term.trim())
              .filter(term => term).map(test);
            const rows = [];
            table.rows.forEach((row, place) => {
              if (tests.every(holds => holds(row))) rows.push(place);
            });
            const isFalling = sort.startsWith("-") && !columns.includes(sort);
            const column = columns.indexOf(isFalling ? sort.slice(1) : sort);
            if (column < 0) return rows;
            const order = (one, other) => {
              const a = table.rows[one][column], b = table.rows[other][column];
              if (a === b) return one - other;
              if (a === null || b === null) return a === null ? 1 : -1;
              if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
              return (a < b) === isFalling ? 1 : -1;
            };
            return rows.sort(order);
          };
          const make = (name, parent, words) => {
            const made = document.createElement(name);
            if (words !== undefined) made.textContent = words;
            parent.append(made);
            return made;
          };
          const draw = () => {
            const rows = chosen(), target = byId("table");
            target.replaceChildren();
            const head = make("tr", make("thead", target));
            columns.forEach((name, place) => {
              const cell = make("th", head), button = make("button", cell, name);
              if (isNumber[place]) cell.className = "n";
              if (sort === name) cell.setAttribute("aria-sort", "ascending");
              if (sort === "-" + name) cell.setAttribute("aria-sort", "descending");
              button.type = "button";
              button.addEventListener("click", () => {
                sort = sort === name ? "-" + name : name;
                note();
                draw();
              });
            });
            const body = make("tbody", target);
            for (const place of rows.slice(0, shown)) {
              const line = make("tr", body), [page, name] = table.links[place];
              table.rows[place].forEach((value, column) => {
                const cell = make("td", line);
                if (isNumber[column]) cell.className = "n";
                if (value === "failed") cell.className = "failed";
                if (page < 0) {
                  cell.textContent = text(value);
                } else {
                  const link = make("a", cell, text(value));
                  link.href = table.pages[page] + (name ? "#" + name : "");
                }
                if (typeof value === "number") cell.title = String(value);
              });
            }
            const all = table.rows.length;
            byId("count").textContent = rows.length + " of " + all + (all === 1 ? " row" : " rows");
            byId("more").hidden = rows.length <= shown;
            if (byId("filter").value !== filter) byId("filter").value = filter;
          };
          byId("filter").addEventListener("input", event => {
            filter = event.target.value;
            shown = step;
            note();
            draw();
          });
          byId("tools").addEventListener("submit", event => event.preventDefault());
          byId("more").addEventListener("click", () => {
            shown += 5 * step;
            draw();
          });
          addEventListener("hashchange", () => {
            view();
            draw();
          });
          view();
          draw();
        })();
        """#
}
