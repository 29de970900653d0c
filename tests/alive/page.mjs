import { bringToLife } from "../../cnnmath/explorer/js/view/page.js";
import { kept } from "./kept.mjs";

bringToLife(kept);
