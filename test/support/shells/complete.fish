# Prints what the completions in file $argv[1] offer for each line after it, one word a line and "=" after the last.
source $argv[1]
for line in $argv[2..-1]
    complete -C $line | string replace -r '\t.*' ''
    echo =
end
