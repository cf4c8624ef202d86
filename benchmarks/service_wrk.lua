-- Decisions, each under a key and for an applicant of its own; `delay` paces them.
-- Given: the answer's address is wrk's; STAMP, KEY, BEFORE, AFTER, MANY, PAUSE by the environment.
local stamp = os.getenv("BENCH_STAMP")
local before, after = os.getenv("BENCH_BEFORE"), os.getenv("BENCH_AFTER")
local many = tonumber(os.getenv("BENCH_MANY"))
local pause = tonumber(os.getenv("BENCH_PAUSE"))
local path = os.getenv("BENCH_PATH")
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY"),
  ["Content-Type"] = "application/json",
}
local threads, sent = 0, 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local function name()
  sent = sent + 1
  return stamp .. "-" .. number .. "-" .. sent
end

function request()
  if many == 1 then
    local it = name()
    headers["Idempotency-Key"] = it
    return wrk.format("POST", path, headers, '{"application":' .. before .. it .. after .. "}")
  end
  local parts = {}
  for n = 1, many do
    local it = name()
    parts[n] = '{"idempotency_key":"' .. it .. '","application":' .. before .. it .. after .. "}"
  end
  return wrk.format("POST", path, headers, '{"applications":[' .. table.concat(parts, ",") .. "]}")
end

if pause > 0 then
  function delay()
    return math.floor(math.random() * 2 * pause + 0.5)
  end
end

function done(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"wrong":%d,"p50":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
