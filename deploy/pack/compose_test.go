package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func TestComposeFile(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"../compose/compose.yaml"}, cli.WithEnv([]string{"TRUEUP_IMAGE=trueup:1.0.0"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background()) // validates against the schema of Compose
	if err != nil {
		t.Fatal(err)
	}
	service := project.Services["trueup"]
	if service.Image != "trueup:1.0.0" {
		t.Errorf("the image is %q", service.Image)
	}

	t.Run("each variable is a setting", func(t *testing.T) {
		settings, err := os.ReadFile("../../docs/configuration.md")
		if err != nil {
			t.Fatal(err)
		}
		if len(service.Environment) == 0 {
			t.Error("no variables")
		}
		for name := range service.Environment {
			if !strings.Contains(string(settings), "`"+name+"`") {
				t.Errorf("docs/configuration.md has no %s", name)
			}
		}
	})

	t.Run("each file in a variable is a secret of the service", func(t *testing.T) {
		for name, service := range project.Services {
			mounted := make(map[string]bool)
			for _, secret := range service.Secrets {
				mounted["/run/secrets/"+secret.Source] = true
			}
			for variable, value := range service.Environment {
				if strings.HasSuffix(variable, "_FILE") && (value == nil || !mounted[*value]) {
					t.Errorf("service %s: %s is no secret of it", name, variable)
				}
			}
		}
	})

	t.Run("secrets are files beside the compose file", func(t *testing.T) {
		if len(project.Secrets) != 2 {
			t.Errorf("%d secrets", len(project.Secrets))
		}
		for name, secret := range project.Secrets {
			if filepath.Base(filepath.Dir(types.FileObjectConfig(secret).File)) != "secrets" {
				t.Errorf("secret %s is in %s", name, secret.File)
			}
		}
	})
}
