#compdef trueup
# Completion of trueup for zsh. Load it with: source <(trueup completion zsh)
_trueup() {
	local line word
	local -a found
	while IFS= read -r line; do
		if [[ $line == ":files" ]]; then
			_files
			return
		fi
		word=${line%%$'\t'*}
		word=${word//:/\\:}
		if [[ $line == *$'\t'* ]]; then
			word+=":${line#*$'\t'}"
		fi
		found+=("$word")
	done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
	_describe trueup found
}
if [[ ${funcstack[1]} == _trueup ]]; then
	_trueup "$@"
else
	compdef _trueup trueup
fi
