// The page's half of `choices.py`: a button for each option, in a row that wraps; the chosen one is filled.
//
// For keys and for screen readers they are radio buttons: Tab leads to the chosen one, arrow keys choose another.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function render({ model, el }) {
    const [name, buttons] = ["label", "div"].map(tag => el.appendChild(document.createElement(tag)));
    el.classList.add("kan-edu-choice");
    el.setAttribute("role", "radiogroup");

    function choose(index) {
        if (index !== model.get("index") && !model.get("disabled")) {
            model.set("index", index);
            model.save_changes();   // one message is on its way at a time; the last choice wins
        }
    }

    // Buttons are made anew only if there are others: the one with the focus would lose it.
    function show() {
        const words = model.get("_options_labels"), index = model.get("index");
        name.textContent = model.get("description");
        name.title = model.get("tooltip") ?? "";
        el.setAttribute("aria-label", model.get("description"));
        if (words.join("\n") !== [...buttons.children].map(button => button.textContent).join("\n")) make(words);
        [...buttons.children].forEach((button, n) => {
            button.setAttribute("aria-checked", n === index);
            button.tabIndex = n === index ? 0 : -1;
            button.disabled = model.get("disabled");
        });
    }

    function make(words) {
        const focused = buttons.contains(document.activeElement);
        buttons.replaceChildren(...words.map((word, n) => {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = word;
            button.setAttribute("role", "radio");
            button.setAttribute("data-lm-suppress-shortcuts", "true");   // JupyterLab asks the focused element alone
            button.addEventListener("click", () => { choose(n); button.focus(); });   // Safari focuses no button
            return button;
        }));
        if (focused) buttons.children[model.get("index")]?.focus();
    }

    buttons.addEventListener("keydown", event => {
        const many = buttons.children.length, step = STEPS[event.key];
        const ends = { Home: 0, End: many - 1 };
        if (event.altKey || event.ctrlKey || event.metaKey || !(step || event.key in ends)) return;
        event.preventDefault();
        event.stopPropagation();
        choose(step ? (model.get("index") + step + many) % many : ends[event.key]);
        buttons.children[model.get("index")].focus();
    });
    for (const part of ["_options_labels", "index", "disabled", "description", "tooltip"])
        model.on(`change:${part}`, show);
    show();
}

export default { render };
