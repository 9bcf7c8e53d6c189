export * from "./blocks.tsx";
export { ChangedMeanwhile, type Conflict, type Difference } from "./changed-meanwhile.tsx";
export * from "./fields.tsx";
export type { FormState } from "./form-state.ts";
export type { IconName } from "./icon.tsx";
export * from "./lists.tsx";
export * from "./tiles.tsx";
