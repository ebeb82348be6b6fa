export { hiddenUntagged } from "../../provider/cleanup/hidden-untagged";
