# Completion of trueup for fish. Load it with: trueup completion fish | source
function __trueup_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (command $words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c trueup -f -a '(__trueup_complete)'
