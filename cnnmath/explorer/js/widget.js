// The module of the widget in JupyterLab.

import { mount } from "./view/mount.js";
import { widget } from "./view/widget.js";

export default widget(mount);
