using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>Writes a description part by part, always in the same order.</summary>
internal sealed partial class ModelJsonWriter(Utf8JsonWriter json)
{
    public void Write(ModelDescription model)
    {
        json.WriteStartObject();
        json.WriteString("plugin", model.Plugin);
        Each("entityTypes", model.EntityTypes, Write);
        Each("relationshipTypes", model.RelationshipTypes, Write);
        Each("extensions", model.Extensions, e =>
        {
            json.WriteStartObject();
            json.WriteString("type", e.Type);
            Each("fields", e.Fields, Write);
            json.WriteEndObject();
        });
        Each("codeLists", model.CodeLists, l =>
        {
            json.WriteStartObject();
            json.WriteString("name", l.Name);
            Write("label", l.Label);
            Each("codes", l.Codes, Write);
            json.WriteEndObject();
        });
        Each("roles", model.Roles, Write);
        Each("optional", model.Optional, o =>
        {
            json.WriteStartObject();
            json.WriteString("when", o.Plugin);
            json.WritePropertyName("model");
            Write(o.Model);
            json.WriteEndObject();
        });
        Each("labels", model.Labels, l =>
        {
            json.WriteStartObject();
            json.WriteString("target", l.Target);
            Write("label", l.Label);
            json.WriteEndObject();
        });
        Each("personalData", model.PersonalData, p =>
        {
            json.WriteStartObject();
            json.WriteString("type", p.Type);
            Write("purpose", p.Purpose);
            Text("subject", p.Subject);
            if (p.KeepDays is { } days)
                json.WriteNumber("keepDays", days);
            json.WriteEndObject();
        });
        if (model.Permissions != PluginPermissions.None)
        {
            json.WritePropertyName("permissions");
            PermissionsJson.Write(json, model.Permissions);
        }
        Text("version", model.Version);
        json.WriteEndObject();
    }

    private void Write(EntityTypeDescription type)
    {
        json.WriteStartObject();
        json.WriteString("name", type.Name);
        Write("label", type.Label);
        Text("plural", type.Plural);
        Write("pluralLabel", type.PluralLabel);
        Yes("isDated", type.IsDated);
        Each("displayFields", type.DisplayFields, f => json.WriteStringValue(f));
        Each("listFields", type.ListFields, f => json.WriteStringValue(f));
        Each("keys", type.Keys, k =>
        {
            json.WriteStartArray();
            foreach (var field in k)
                json.WriteStringValue(field);
            json.WriteEndArray();
        });
        Each("fields", type.Fields, Write);
        json.WriteEndObject();
    }

    private void Write(RelationshipTypeDescription type)
    {
        json.WriteStartObject();
        json.WriteString("name", type.Name);
        Write("label", type.Label);
        Write("inverse", type.Inverse);
        Write("source", type.Source);
        Write("target", type.Target);
        Yes("isSymmetric", type.IsSymmetric);
        Yes("isRepeatable", type.IsRepeatable);
        Yes("isDated", type.IsDated);
        Each("fields", type.Fields, Write);
        json.WriteEndObject();
    }

    private void Write(string name, EndDescription end)
    {
        json.WriteStartObject(name);
        Each("types", end.Types, t => json.WriteStringValue(t));
        json.WriteString("name", end.Name);
        Write("label", end.Label);
        Yes("isToOne", end.IsToOne);
        Yes("isRequired", end.IsRequired);
        if (end.OnDelete != Then.Restrict)
            json.WriteString("onDelete", end.OnDelete.ToString());
        json.WriteEndObject();
    }

    private void Write(FieldDescription field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        Write(field.Type);
        Write("label", field.Label);
        Write("help", field.Help);
        Write("group", field.Group);
        Yes("isMany", field.IsMany);
        Yes("isRequired", field.IsRequired);
        Yes("isUnique", field.IsUnique);
        Yes("isSearchable", field.IsSearchable);
        Yes("isHidden", field.IsHidden);
        Yes("isComputed", field.IsComputed);
        if (field.Sensitivity != Sensitivity.Internal)
            json.WriteString("sensitivity", field.Sensitivity.ToString());
        Value("default", field.Default);
        Value("min", field.Min);
        Value("max", field.Max);
        Text("pattern", field.Pattern);
        Text("patternRule", field.PatternRule);
        Write("patternMessage", field.PatternMessage);
        json.WriteEndObject();
    }

    private void Write(FieldType type)
    {
        json.WriteStartObject();
        json.WriteString("name", type.Name);
        json.WriteString("shape", type.Shape.ToString());
        if (type.MaxLength is { } most)
            json.WriteNumber("maxLength", most);
        Each("options", type.Options, Write);
        Each("moves", type.Moves, m =>
        {
            json.WriteStartObject();
            json.WriteString("name", m.Name);
            Write("label", m.Label);
            Each("from", m.From, s => json.WriteStringValue(s));
            json.WriteString("to", m.To);
            Each("needs", m.Needs, s => json.WriteStringValue(s));
            json.WriteEndObject();
        });
        Text("codeList", type.CodeList);
        Text("widget", type.Widget);
        json.WriteEndObject();
    }

    private void Write(Role role)
    {
        json.WriteStartObject();
        json.WriteString("name", role.Name);
        Write("label", role.Label);
        Each("grants", role.Grants, g =>
        {
            json.WriteStartObject();
            json.WriteString("type", g.Type);
            json.WriteNumber("rights", (int)g.Rights);
            json.WriteString("upTo", g.UpTo.ToString());
            if (g.Fields is { } fields)
            {
                json.WriteStartArray("fields");
                foreach (var field in fields)
                    json.WriteStringValue(field);
                json.WriteEndArray();
            }
            Write("where", g.Where);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private void Write(Option option)
    {
        json.WriteStartObject();
        json.WriteString("name", option.Name);
        Write("label", option.Label);
        json.WriteEndObject();
    }

    private void Write(string name, Label? label)
    {
        if (label is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("fr", label.Fr);
        json.WriteString("en", label.En);
        json.WriteEndObject();
    }

    private void Text(string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private void Yes(string name, bool yes)
    {
        if (yes)
            json.WriteBoolean(name, true);
    }

    private void Each<T>(string name, ImmutableArray<T> items, Action<T> write, bool always = false)
    {
        if (items.IsEmpty && !always)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
    }
}
