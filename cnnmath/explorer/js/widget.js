// The module of the widget in JupyterLab.

import { mount, traitsOf } from "./view/mount.js";
import { widget } from "./view/widget.js";

export default widget(mount, traitsOf);
