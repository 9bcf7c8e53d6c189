export type { ReviewEvent } from "./domain/events.ts";

import type { Module } from "../index.ts";
import { followReviews, startYearlyReviews } from "./jobs.ts";
import { reviewPages } from "./web/review.pages.tsx";

export const reviews: Module = { routes: reviewPages, jobs: [followReviews, startYearlyReviews] };
