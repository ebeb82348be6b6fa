export { hiddenUntagged } from "../../provider/cleanup/policy/hidden-untagged";
