// Starts Python for the notebook in the page's address while JupyterLab still draws itself: two things for two cores.
// JupyterLab opens the notebook later, finds a session with its path that is running, and takes it.
// An extension of JupyterLab, written by hand: `init` is given what the extensions share, `get` returns the plugin.
"use strict";
(() => {
  let shared;

  async function token(module, name) {
    const versions = Object.values(shared[module]);
    return (await versions[0].get())()[name];
  }

  // JupyterLite looks for a running Python by the notebook's name, whatever its folder: beside lesson 02 set 02 got none.
  // So the folder goes into the name; a second start for one notebook, JupyterLab's or ours, still finds the first by it.
  function keepApart(sessions) {
    const start = sessions.startNew.bind(sessions), folder = path => path.split("/").slice(0, -1).join("/");
    sessions.startNew = ({ path, name, ...rest }, ...more) =>
      start({ ...rest, path, name: `${folder(path)}/${name}` }, ...more);
  }

  // files: what answers when Python asks for a file beside the notebook; specs: which kernels there are
  async function start({ serviceManager }, files, specs) {
    keepApart(serviceManager.sessions);
    const path = new URLSearchParams(location.search).get("path");
    if (!path?.endsWith(".ipynb")) return;
    await Promise.all([files.ready, serviceManager.ready, new Promise(known => {
      const look = () => specs.factories.has("python") && known();
      specs.changed.connect(look);
      look();
    })]);
    const name = path.split("/").pop(), session = { path, name, type: "notebook", kernel: { name: "python" } };
    (await serviceManager.sessions.startNew(session)).dispose();  // the connection, not Python
  }

  // If anything fails here, JupyterLab starts Python itself, as it would have without us.
  const activate = (...given) => { start(...given).catch(error => console.info("no start ahead:", error)); };

  (window._JUPYTERLAB ??= {})["kan-edu-ahead"] = {
    init: scope => { shared = scope; },
    get: async () => {
      const requires = [await token("@jupyterlite/apputils", "IServiceWorkerManager"),
                        await token("@jupyterlite/services", "IKernelSpecs")];
      return () => ({ __esModule: true, default: { id: "kan-edu-ahead:start", autoStart: true, requires, activate } });
    },
  };
})();
