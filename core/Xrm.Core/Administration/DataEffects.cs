using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What lines of a plan do to data. Each member asks the survey what it wants to know and answers how that is told on the line once the survey ran; null = nothing of data.</summary>
/// <param name="whole">The model in force with all that is parked.</param>
/// <param name="after">The model that would be in force; null when it has faults: then no value is checked.</param>
/// <param name="now">The parts of what would be in force.</param>
internal sealed class DataEffects(CompiledModel whole, CompiledModel? after, ModelParts now, DataSurvey survey)
{
    public Func<PlanLine, PlanLine>? OfParking(ModelPart part) => part switch
    {
        ModelPart.OfType or ModelPart.OfRelationship when survey.Of(part.Name) is { } tally =>
            line => line with { Count = tally.Total, IsDestructive = tally.Total > 0 },
        ModelPart.OfField { Field.IsComputed: false } field when survey.Of(field.Owner)?.Of(field.Field.Name, null) is { } tally =>
            line => line with { Count = tally.Present, IsDestructive = tally.Present > 0 },
        _ => null,
    };

    public Func<PlanLine, PlanLine>? OfComing(ModelPart part) =>
        part is ModelPart.OfField { Field: { IsRequired: true, IsHidden: false } } field && survey.Of(field.Owner) is { } tally ? line => Lacking(line, tally, 0) : null;

    public Func<PlanLine, PlanLine>? OfReturn(ModelPart was, ModelPart part)
    {
        switch (was, part)
        {
            case (ModelPart.OfField old, ModelPart.OfField field) when survey.Of(field.Owner) is { } type && type.Of(field.Field.Name, Field(field)) is { } tally:
                return line => Refused(field.Field is { IsRequired: true, IsHidden: false } ? Lacking(line, type, tally.Present) : line, tally) with { Count = tally.Present };
            case (ModelPart.OfType or ModelPart.OfRelationship, _) when survey.Of(part.Name) is { } tally:
                var undated = Undated(was, part, tally);
                return line => (undated?.Invoke(line) ?? line) with { Count = tally.Total };
            default:
                return null;
        }
    }

    public Func<PlanLine, PlanLine>? OfChange(ModelPart was, ModelPart part) => (was, part) switch
    {
        (ModelPart.OfType, _) when survey.Of(part.Name) is { } tally => Undated(was, part, tally),
        (ModelPart.OfRelationship before, ModelPart.OfRelationship then) => OfChange(before, then),
        (ModelPart.OfField before, ModelPart.OfField then) => OfChange(before, then),
        (ModelPart.OfList before, ModelPart.OfList then) => OfChange(before.List, then.List),
        _ => null,
    };

    private Func<PlanLine, PlanLine>? OfChange(ModelPart.OfRelationship was, ModelPart.OfRelationship part)
    {
        (bool IsSource, int Type)[] lost =
        [
            .. PartChanges.Lost(was.Type.Source, part.Type.Source).Select(t => (true, Ordinal(t))),
            .. PartChanges.Lost(was.Type.Target, part.Type.Target).Select(t => (false, Ordinal(t))),
        ];
        if (lost.Length == 0 && !(Dated(was) && !Dated(part)) || survey.Of(part.Name) is not { } tally)
            return null;
        var undated = Undated(was, part, tally);
        return line =>
        {
            var gone = Math.Min(tally.Total, lost.Sum(l => tally.StandingAt(l.IsSource, l.Type)));
            if (gone > 0)
                line = line.With(Label.Of($"ne seraient plus vues, gardées à part : {Remarks.Counted(gone, true).Fr}", $"no longer seen, kept apart: {Remarks.Counted(gone, true).En}")) with { Count = gone, IsDestructive = true };
            return undated?.Invoke(line) ?? line;
        };
    }

    private Func<PlanLine, PlanLine>? OfChange(ModelPart.OfField was, ModelPart.OfField part)
    {
        var (before, then) = (was.Field, part.Field);
        var couldRefuse = FieldChanges.CouldRefuse(before, then);
        var isRequired = then is { IsRequired: true, IsHidden: false } && !before.IsRequired;
        var isAway = then.IsHidden && !before.IsHidden || then.IsComputed && !before.IsComputed;
        if (!couldRefuse && !isRequired && !isAway || survey.Of(part.Owner) is not { } type || type.Of(then.Name, couldRefuse ? Field(part) : null) is not { } tally)
            return null;
        return line =>
        {
            if (isRequired)
                line = Lacking(line, type, tally.Present);
            if (isAway && tally.Present > 0)
                line = line.With(Label.Of($"valeurs qui ne seraient plus lues : {Things(type, tally.Present).Fr}", $"values no longer read: {Things(type, tally.Present).En}")) with { Count = tally.Present, IsDestructive = true };
            return Refused(line, tally);
        };
    }

    private Func<PlanLine, PlanLine>? OfChange(CodeList was, CodeList list)
    {
        if (was.Codes.All(c => list.Codes.Any(o => o.Name == c.Name)))
            return null;
        var tallies = now.All.OfType<ModelPart.OfField>().Where(f => f.Field.Type.CodeList == list.Name && Field(f) is not null)
            .Select(f => (f.Name, Tally: survey.Of(f.Owner)?.Of(f.Field.Name, Field(f)))).ToArray();
        return line =>
        {
            foreach (var (name, tally) in tallies)
                if (tally is { Refused: > 0 })
                    line = line.With(Label.Of($"codes que portent encore des fiches, dans {name} : {tally.Refused}", $"codes that things still have, in {name}: {tally.Refused}"))
                        with { Count = (line.Count ?? 0) + tally.Refused, IsDestructive = true };
            return line;
        };
    }

    /// <summary>What had days and will have none.</summary>
    private static Func<PlanLine, PlanLine>? Undated(ModelPart was, ModelPart part, TypeTally tally)
    {
        if (!Dated(was) || Dated(part))
            return null;
        tally.WantPeriods();
        return line => tally.WithPeriod == 0 ? line
            : line.With(Label.Of($"périodes qui ne seraient plus lues : {Things(tally, tally.WithPeriod).Fr}", $"periods no longer read: {Things(tally, tally.WithPeriod).En}")) with { Count = tally.WithPeriod, IsDestructive = true };
    }

    private static bool Dated(ModelPart part) => part is ModelPart.OfType { Type.IsDated: true } or ModelPart.OfRelationship { Type.IsDated: true };

    /// <summary>Only new things need a value, so that this stands in nobody's way.</summary>
    private static PlanLine Lacking(PlanLine line, TypeTally type, int present)
    {
        var lacking = type.Total - present;
        return lacking == 0 ? line : line.With(Label.Of(
            $"sans valeur : {Things(type, lacking).Fr}, seules les nouvelles doivent en avoir une",
            $"without a value: {Things(type, lacking).En}, only new ones need one")) with { Count = lacking };
    }

    private static PlanLine Refused(PlanLine line, FieldTally tally) => tally.Refused == 0 ? line : line.With(Label.Of(
        $"valeurs refusées désormais : {tally.Refused} ({tally.Why.Fr})",
        $"values refused from now on: {tally.Refused} ({tally.Why.En})")) with { Count = tally.Refused, IsDestructive = true };

    private static Label Things(TypeTally tally, int count) => Remarks.Counted(count, tally.Type is ModelRelationship);

    private ModelField? Field(ModelPart.OfField field) => after?.ByName.GetValueOrDefault(field.Owner)?.ByName.GetValueOrDefault(field.Field.Name);

    private int Ordinal(string type) => whole.ByName.GetValueOrDefault(type)?.Ordinal ?? 0;
}
