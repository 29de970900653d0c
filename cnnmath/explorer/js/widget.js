// The module of the widget in JupyterLab.

import { traitsOf } from "./view/mount.js";
import { mountInNotebook } from "./view/notebook.js";
import { widget } from "./view/widget.js";

export default widget(mountInNotebook, traitsOf);
