mod concurrency;
mod paging;
mod report;
mod rules;
mod statements;
