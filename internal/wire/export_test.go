package wire

// CommandNames are the names of the parameters of all commands.
var CommandNames = commandNames
