_ngrok_scim_completion() {
    local IFS=$'
'
    COMPREPLY=( $( env COMP_WORDS="${COMP_WORDS[*]}" \
                   COMP_CWORD=$COMP_CWORD \
                   _NGROK_SCIM_COMPLETE=complete_bash $1 ) )
    return 0
}

complete -o default -F _ngrok_scim_completion ngrok-scim
