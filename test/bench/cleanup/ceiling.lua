-- wrk asks for the paths of a file, one after the other and again from the start; each thread begins elsewhere.
-- The file is the argument after `--`: the value of the Accept header, then a path a line.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  paths = {}
  for line in io.lines(arguments[1]) do
    if accept then paths[#paths + 1] = line else accept = line end
  end
  next_path = math.floor(#paths / 2) * number
end

function request()
  next_path = next_path % #paths + 1
  return wrk.format("GET", paths[next_path], { Accept = accept })
end
