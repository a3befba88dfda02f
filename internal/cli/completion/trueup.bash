# Completion of trueup for bash. Load it with: source <(trueup completion bash)
_trueup() {
	local line word
	COMPREPLY=()
	while IFS= read -r line; do
		if [ "$line" = ":files" ]; then
			compopt -o default 2>/dev/null
			COMPREPLY=()
			return
		fi
		printf -v word '%q' "${line%%$'\t'*}"
		COMPREPLY+=("$word")
	done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _trueup trueup
