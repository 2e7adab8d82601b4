mod concurrency;
mod live;
mod paging;
mod report;
mod rules;
mod starting;
mod statements;
