package browsertest

// Mode is how a page is shown.
type Mode struct {
	Name          string
	Width, Height int64
	Dark          bool
	Touch         bool // on a phone
	NoScript      bool // with JavaScript off
	Print         bool
}

// Modes in which pages are tested.
var (
	Light    = Mode{Name: "light", Width: 1280, Height: 900}
	Dark     = Mode{Name: "dark", Width: 1280, Height: 900, Dark: true}
	Phone    = Mode{Name: "phone", Width: 390, Height: 844, Touch: true}
	NoScript = Mode{Name: "noscript", Width: 1280, Height: 900, NoScript: true}
	Print    = Mode{Name: "print", Width: 794, Height: 1123, Print: true}
)

// Modes are those in which every page is shown.
func Modes() []Mode { return []Mode{Light, Dark, Phone} }
