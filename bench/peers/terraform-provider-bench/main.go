// A provider of one resource for Terraform and OpenTofu: a role binding, made, read and deleted by one call each, as the provider
// framework has it. Only for the bench.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	options := providerserver.ServeOpts{Address: "registry.terraform.io/axcess/bench"}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return &benchProvider{} }, options); err != nil {
		log.Fatal(err)
	}
}

type benchProvider struct{}

func (*benchProvider) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName = "bench"
}

func (*benchProvider) Schema(_ context.Context, _ provider.SchemaRequest, answer *provider.SchemaResponse) {
	answer.Schema = providerschema.Schema{}
}

func (*benchProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (*benchProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &binding{} }}
}

func (*benchProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

type binding struct{}

type bindingModel struct {
	ID         types.String `tfsdk:"id"`
	UserID     types.String `tfsdk:"user_id"`
	RoleID     types.String `tfsdk:"role_id"`
	ResourceID types.String `tfsdk:"resource_id"`
}

type bindingRow struct {
	ID           string `json:"id,omitempty"`
	UserID       string `json:"user_id"`
	RoleID       string `json:"role_id"`
	ResourceID   string `json:"resource_id"`
	ResourceType string `json:"resource_type"`
}

func (*binding) Metadata(_ context.Context, _ resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = "bench_binding"
}

func (*binding) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	given := func() schema.StringAttribute {
		return schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}
	}
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"user_id":     given(),
		"role_id":     given(),
		"resource_id": given(),
	}}
}

func (*binding) Create(ctx context.Context, request resource.CreateRequest, answer *resource.CreateResponse) {
	var model bindingModel
	answer.Diagnostics.Append(request.Plan.Get(ctx, &model)...)
	if answer.Diagnostics.HasError() {
		return
	}
	row := bindingRow{
		UserID: model.UserID.ValueString(), RoleID: model.RoleID.ValueString(),
		ResourceID: model.ResourceID.ValueString(), ResourceType: "PROJECT",
	}
	if _, err := call(ctx, http.MethodPost, "/v2/role-bindings", row, &row); err != nil {
		answer.Diagnostics.AddError("The binding was not made", err.Error())
		return
	}
	model.ID = types.StringValue(row.ID)
	answer.Diagnostics.Append(answer.State.Set(ctx, &model)...)
}

func (*binding) Read(ctx context.Context, request resource.ReadRequest, answer *resource.ReadResponse) {
	var model bindingModel
	answer.Diagnostics.Append(request.State.Get(ctx, &model)...)
	if answer.Diagnostics.HasError() {
		return
	}
	var row bindingRow
	status, err := call(ctx, http.MethodGet, "/v2/role-bindings/"+model.ID.ValueString(), nil, &row)
	if status == http.StatusNotFound {
		answer.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		answer.Diagnostics.AddError("The binding was not read", err.Error())
		return
	}
	model.UserID, model.RoleID, model.ResourceID = types.StringValue(row.UserID), types.StringValue(row.RoleID), types.StringValue(row.ResourceID)
	answer.Diagnostics.Append(answer.State.Set(ctx, &model)...)
}

func (*binding) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (*binding) Delete(ctx context.Context, request resource.DeleteRequest, answer *resource.DeleteResponse) {
	var model bindingModel
	answer.Diagnostics.Append(request.State.Get(ctx, &model)...)
	if status, err := call(ctx, http.MethodDelete, "/v2/role-bindings/"+model.ID.ValueString(), nil, nil); err != nil && status != http.StatusNotFound {
		answer.Diagnostics.AddError("The binding was not deleted", err.Error())
	}
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func call(ctx context.Context, method, path string, body, into any) (int, error) {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, os.Getenv("ARIZE_BASE_URL")+path, sent)
	if err != nil {
		return 0, err
	}
	request.Header.Set("authorization", "Bearer "+os.Getenv("ARIZE_API_KEY"))
	request.Header.Set("content-type", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return answer.StatusCode, err
	}
	if answer.StatusCode >= 300 {
		return answer.StatusCode, fmt.Errorf("%s %s answered %d: %s", method, path, answer.StatusCode, text)
	}
	if into == nil {
		return answer.StatusCode, nil
	}
	return answer.StatusCode, json.Unmarshal(text, into)
}
