package admin_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
)

func TestPeople(t *testing.T) {
	c, ctx := connect(t), t.Context()
	invited, err := c.InvitePerson(ctx, admin.Invitation{Account: 1, Email: "Ann@example.com", Name: "Ann", Role: "partner", Partner: 10001}, reason("for the console"))
	if err != nil || invited.ID == 0 || invited.Email != "ann@example.com" || invited.Name != "Ann" || invited.Created.IsZero() || invited.Disabled || invited.Password ||
		invited.TOTP || !strings.HasPrefix(invited.Link, "/console/link?secret=") || !slices.Equal(invited.Members, []admin.Membership{{Account: 1, Role: "partner", Partner: 10001}}) {
		t.Fatalf("the invited person is %+v (%v)", invited, err)
	}
	changed, err := c.SetRole(ctx, invited.ID, admin.Membership{Account: 1, Role: "finance"}, reason("moves"))
	if err != nil || changed.Link != "" || !slices.Equal(changed.Members, []admin.Membership{{Account: 1, Role: "finance"}}) {
		t.Errorf("with another role the person is %+v (%v)", changed, err)
	}
	reset, err := c.ResetPerson(ctx, invited.ID, reason("lost the phone"))
	if err != nil || reset.Link == "" || reset.Link == invited.Link {
		t.Errorf("the reset person is %+v (%v)", reset, err)
	}
	find := func(p admin.Person) bool { return p.ID == invited.ID }
	if listed := take(t, c.People(ctx, admin.PersonFilter{Account: 1}), 99); !slices.ContainsFunc(listed, find) {
		t.Errorf("the members are %+v", listed)
	}
	if removed, err := c.RemoveMember(ctx, invited.ID, 1, admin.WriteOptions{}); err != nil || len(removed.Members) != 0 {
		t.Errorf("without a role the person is %+v (%v)", removed, err)
	}
	if listed := take(t, c.People(ctx, admin.PersonFilter{Account: 1}), 99); slices.ContainsFunc(listed, find) {
		t.Errorf("the members are %+v", listed)
	}
	if disabled, err := c.DisablePerson(ctx, invited.ID, reason("left")); err != nil || !disabled.Disabled {
		t.Errorf("the disabled person is %+v (%v)", disabled, err)
	}
	if all := take(t, c.People(ctx, admin.PersonFilter{}), 99); !slices.ContainsFunc(all, find) {
		t.Errorf("all people are %+v", all)
	}
	if _, err := c.ResetPerson(ctx, invited.ID, admin.WriteOptions{}); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("a disabled person is reset: %v", err)
	}
	if _, err := c.DisablePerson(ctx, 999, admin.WriteOptions{}); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown person is disabled: %v", err)
	}
}

func TestALostLinkIsAnError(t *testing.T) {
	c, ctx := connect(t), t.Context()
	options := admin.WriteOptions{IdempotencyKey: "lost-link"}
	invitation := admin.Invitation{Account: 1, Email: "lost@example.com", Name: "Lost", Role: "viewer"}
	if _, err := c.InvitePerson(ctx, invitation, options); err != nil {
		t.Fatal(err)
	}
	again, err := c.InvitePerson(ctx, invitation, options)
	if !errors.Is(err, admin.ErrLinkLost) || again.Email != "lost@example.com" {
		t.Errorf("the repeated write returns %+v (%v)", again, err)
	}
}
