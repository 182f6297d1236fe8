// The page's half of `player.py`: it asks the kernel for one picture after the other, and not before the last has come.
//
// One request is on its way at a time, for some pictures (`_answer` in player.py): while one travels the next is drawn. Nothing
// more queues up, a pause is one when these have come, and an app that left the page stands still.

const WORDS = { play: "▶ Play", step: "Step", back: "Back" };
const TIPS = { play: "From here on, or once more from the start", step: "One further", back: "Back to the start" };

function render({ model, el }) {
    let asked = false, last = 0, timer = null;   // whether a request is on its way; when it was sent
    const buttons = {};
    el.classList.add("kan-edu-player");
    el.setAttribute("role", "group");
    for (const name of Object.keys(WORDS)) {
        const button = buttons[name] = el.appendChild(document.createElement("button"));
        [button.type, button.title] = ["button", TIPS[name]];
        button.setAttribute("data-lm-suppress-shortcuts", "true");   // JupyterLab leaves Enter and Space to it
        button.addEventListener("click", () => press(name));
    }

    // A page may show the same app twice: of two who ask after so many answers the kernel answers the first, for both.
    function ask() {
        rest_icon();   // of icon.js, which stands before this
        model.send({ ask: "next", after: model.get("answered") });
        [asked, last] = [true, performance.now()];
    }

    function go_on() {
        clearTimeout(timer);
        if (asked || !(model.get("playing") || model.get("behind"))) return;
        const wait = model.get("behind") ? 0 : last + model.get("interval") - performance.now();
        timer = setTimeout(ask, Math.max(0, wait));
    }

    function press(name) {
        const pause = model.get("playing");
        asked = false;   // should an answer have been lost, one can begin anew
        if (pause) {
            model.set("playing", false);   // at once, before the kernel knows
            model.save_changes();
        }
        if (!pause || name !== "play") model.send({ ask: name });
    }

    function show() {
        el.setAttribute("aria-label", model.get("description"));
        for (const [name, button] of Object.entries(buttons)) {
            button.textContent = name === "play" && model.get("playing") ? "❚❚ Pause" : WORDS[name];
            button.disabled = model.get("disabled");
        }
        go_on();
    }

    function answered() {
        asked = false;
        go_on();
    }

    const heard = { answered, playing: show, behind: go_on, interval: go_on, disabled: show, description: show };
    for (const [part, react] of Object.entries(heard)) model.on(`change:${part}`, react);
    model.send({ ask: "nothing" });   // the kernel now knows that somebody will ask
    show();
    return () => {
        clearTimeout(timer);
        for (const [part, react] of Object.entries(heard)) model.off(`change:${part}`, react);
    };
}

export default { render };
