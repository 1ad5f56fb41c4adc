using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What administrators do with an authority's own fields. They are the description of a plugin that has no code, under the id <see cref="EffectiveModel.Custom"/>: added to others' types, each with <c>x_</c> before its name. All members may be used from several threads at once.</summary>
internal sealed class CustomFields(Engine engine)
{
    private const string Prefix = EffectiveModel.Custom + "_";
    private const string State = "state";
    /// <summary>How often what no plan was read for is planned anew when the model moves meanwhile.</summary>
    private const int Attempts = 3;

    /// <summary>What doing something would do, refusals included.</summary>
    /// <exception cref="Problem">Forbidden: the actor is no administrator.</exception>
    public async ValueTask<CustomFieldPlan> Plan(CustomFieldRequest request, Actor actor, CancellationToken cancellation) =>
        (await Planned(request, actor, cancellation)).Plan;

    /// <summary>Does it, and answers what was done.</summary>
    /// <exception cref="Problem">Forbidden: the actor is no administrator. Conflict: the plan is no longer what would be done. Else every reason why it is refused. Nothing is different then.</exception>
    public async ValueTask<CustomFieldPlan> Apply(CustomFieldRequest request, Actor actor, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (plan, on, descriptions) = await Planned(request, actor, cancellation);
            if (request.Plan is { } read && read != plan.Hash)
                throw new Problem(ProblemCode.Conflict, Label.Of("Le modèle a changé depuis que ce plan a été fait, ou la demande n'est pas la même : refaire le plan.", "The model changed since this plan was made, or the request is another: plan again."), "plan", "plan");
            if (!plan.Refusals.IsEmpty)
                throw new Problem(plan.Refusals);
            var note = new ModelNote(request.Action switch
            {
                CustomFieldAction.Add => "addField",
                CustomFieldAction.Relabel => "relabelField",
                _ => "retireField",
            }, $"{request.Type}.{Prefix}{request.Name}");
            try
            {
                await engine.ChangeModel(new ModelChange(descriptions) { PlannedOn = on, Note = note }, actor, cancellation);
                return plan;
            }
            catch (Problem problem) when (problem.Code == ProblemCode.Conflict && request.Plan is null && attempt < Attempts)
            {
                // Nobody read a plan, so that what is asked is done on the model as it is now.
            }
        }
    }

    /// <summary>What is said of a custom field, in force or waiting for its type; null when there is none.</summary>
    /// <param name="name">Without the <c>x_</c>.</param>
    public static FieldDescription? Find(CompiledModel model, string type, string name) =>
        Of(model).Extensions.Where(e => e.Type == type).SelectMany(e => e.Fields).FirstOrDefault(f => f.Name == Prefix + name);

    /// <summary>A field type that custom fields can have: one of the sdk, or one that a plugin in force uses for fields of its own; null when there is none of that name.</summary>
    /// <param name="name">As in <see cref="FieldType.Name"/>; the rest as in <see cref="FieldTypes.Find"/>.</param>
    public static FieldType? TypeNamed(CompiledModel model, string name, int? maxLength, ImmutableArray<Option> options, string? codeList) =>
        FieldTypes.Names.Contains(name)
            ? FieldTypes.Find(name, maxLength, options, codeList)
            : model.ByName.Values.SelectMany(t => t.Fields).Where(f => f.Plugin != EffectiveModel.Custom).Select(f => f.Description.Type).FirstOrDefault(t => t.Name == name && !IsState(t));

    /// <summary>Why a custom field cannot have a field type of this name.</summary>
    public static Fault NoType(string name) => name == State
        ? new(ProblemCode.Invalid, Label.Of("Un état a des passages, qui appartiennent à un module : prendre un choix.", "A state has moves, which belong to a plugin: take a choice."), "fieldType", "state")
        : new(ProblemCode.Invalid, Label.Of($"Ni le cœur ni un module en service n'apporte le type de champ {name}.", $"Neither the core nor a plugin in force brings the field type {name}."), "fieldType", "fieldType");

    private async ValueTask<(CustomFieldPlan Plan, string On, ImmutableArray<ModelDescription> Descriptions)> Planned(CustomFieldRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!actor.IsAdministrator)
            throw new Problem(ProblemCode.Forbidden, Label.Of("Seul un administrateur change les champs personnalisés.", "Only an administrator changes custom fields."), rule: "administrator");
        while (true)
        {
            var model = engine.Model;
            var refusals = new List<Fault>();
            Check(request, model, refusals);
            ImmutableArray<ModelDescription> descriptions = [.. model.Descriptions.Where(d => d.Plugin != EffectiveModel.Custom), With(request, Of(model))];
            var plan = await ModelPlanner.Plan(engine, descriptions, cancellation);
            // Else another model came into force in between.
            if (plan.On == model.Fingerprint)
                return (new(Hash(plan.On, request), plan.Lines, [.. refusals, .. plan.Refusals]), plan.On, descriptions);
        }
    }

    private static ModelDescription Of(CompiledModel model) =>
        model.Descriptions.FirstOrDefault(d => d.Plugin == EffectiveModel.Custom) ?? new ModelDescription(EffectiveModel.Custom);

    /// <summary>What the compiler of models cannot tell, since it does not know what was asked.</summary>
    private static void Check(CustomFieldRequest request, CompiledModel model, List<Fault> refusals)
    {
        var there = Find(model, request.Type, request.Name);
        if (request.Action != CustomFieldAction.Add && there is null)
            Refuse(ProblemCode.NotFound, "name", "unknown", $"{request.Type} n'a pas de champ {Prefix}{request.Name}.", $"{request.Type} has no field {Prefix}{request.Name}.");
        if (request.Action == CustomFieldAction.Retire)
            return;
        if (request.Field is not { } field)
        {
            Refuse(ProblemCode.Invalid, null, "required", "Dire ce qu'est le champ.", "Say what the field is.");
            return;
        }
        if (request.Action == CustomFieldAction.Relabel)
            return;
        if (!model.ByName.ContainsKey(request.Type))
            Refuse(ProblemCode.Invalid, "type", "unknown", $"Il n'y a pas de type {request.Type}.", $"There is no type {request.Type}.");
        if (there is not null)
            Refuse(ProblemCode.Invalid, "name", "clash", $"{request.Type} a déjà un champ {Prefix}{request.Name}.", $"{request.Type} already has a field {Prefix}{request.Name}.");
        if (IsState(field.Type) || !FieldTypes.Names.Contains(field.Type.Name) && TypeNamed(model, field.Type.Name, null, [], null) is null)
            refusals.Add(NoType(IsState(field.Type) ? State : field.Type.Name));
        if (field.IsHidden || field.IsComputed)
            Refuse(ProblemCode.Invalid, null, "custom", "Un champ personnalisé n'est ni caché ni calculé : aucun module ne le remplirait.", "A custom field is neither hidden nor computed: no plugin would fill it.");

        void Refuse(ProblemCode code, string? where, string rule, string fr, string en) => refusals.Add(new(code, Label.Of(fr, en), where, rule));
    }

    /// <summary>The custom fields as they would be.</summary>
    private static ModelDescription With(CustomFieldRequest request, ModelDescription custom)
    {
        var name = Prefix + request.Name;
        var fields = custom.Extensions.Where(e => e.Type == request.Type).SelectMany(e => e.Fields).ToImmutableArray();
        var at = -1;
        for (var i = 0; i < fields.Length; i++)
            if (fields[i].Name == name)
                at = i;
        ImmutableArray<FieldDescription> now = request switch
        {
            { Action: CustomFieldAction.Add, Field: { } added } when at < 0 => fields.Add(added with { Name = name }),
            { Action: CustomFieldAction.Relabel, Field: { } said } when at >= 0 => fields.SetItem(at, fields[at] with { Label = said.Label, Help = said.Help, Sensitivity = said.Sensitivity }),
            { Action: CustomFieldAction.Retire } when at >= 0 => fields.RemoveAt(at),
            _ => fields,
        };
        var others = custom.Extensions.Where(e => e.Type != request.Type);
        // As it is read back at a start: a field type of a plugin is named, not held, or its code would stay in memory when the plugin goes.
        return ModelJson.Parse(ModelJson.ToJson(custom with { Extensions = [.. now.IsEmpty ? others : others.Append(new(request.Type, now)).OrderBy(e => e.Type, StringComparer.Ordinal)] }));
    }

    private static bool IsState(FieldType type) => type.Name == State || !type.Moves.IsEmpty;

    private static string Hash(string on, CustomFieldRequest request)
    {
        var field = request.Field is null ? "" : ModelJson.ToJson(new ModelDescription(EffectiveModel.Custom) { Extensions = [new(request.Type, [request.Field with { Name = request.Name }])] });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', on, request.Action, request.Type, request.Name, field))));
    }
}
