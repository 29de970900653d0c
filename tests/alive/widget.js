import { widget } from "../../cnnmath/explorer/js/view/widget.js";
import { kept } from "./kept.js";

export default widget(kept);
