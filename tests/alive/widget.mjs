import { traitsOf } from "../../cnnmath/explorer/js/view/mount.js";
import { widget } from "../../cnnmath/explorer/js/view/widget.js";
import { kept } from "./kept.mjs";

export default widget(kept, traitsOf);
