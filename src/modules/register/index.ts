export { openRegister } from "./adapters/index.ts";
export {
  activityText,
  companyCategoryText,
  type Establishment,
  isPublicCategory,
  legalCategoryText,
  type NationalRegister,
  type RegisterAnswer,
} from "./domain/establishment.ts";
export { fillRegister } from "./fill.ts";
export { importSirene } from "./import-sirene.ts";
