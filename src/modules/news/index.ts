export { listNewsOf } from "./store.ts";
export { LatestNews, latestNews } from "./web/news.pages.tsx";

import type { Module } from "../index.ts";
import { newsPages } from "./web/news.pages.tsx";

export const news: Module = { routes: newsPages, jobs: [] };
