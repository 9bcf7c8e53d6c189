export * from "./blocks.tsx";
export * from "./fields.tsx";
export type { FormState } from "./form-state.ts";
