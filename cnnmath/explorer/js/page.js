// The script of the built page.

import { mount } from "./view/mount.js";
import { bringToLife } from "./view/page.js";

bringToLife(mount);
