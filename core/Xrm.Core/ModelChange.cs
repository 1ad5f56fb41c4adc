using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core;

/// <summary>What is to be in force: done whole, or not at all.</summary>
/// <param name="Descriptions">One for each plugin, in the order of their requirements. Without one of custom fields, those stay as they are.</param>
internal sealed record ModelChange(ImmutableArray<ModelDescription> Descriptions)
{
    /// <summary>The plugins that take part from then on; default = those that do now.</summary>
    public ImmutableArray<Attachment> Attachments { get; init; }

    /// <summary>What it is for; kept in the log.</summary>
    public ModelNote? Note { get; init; }

    /// <summary>The fingerprint of the model that it was planned on; another one in force is a conflict. null = any.</summary>
    public string? PlannedOn { get; init; }

    /// <summary>Changes data in the same commit; null = it changes none.</summary>
    public Migrate? Migrate { get; init; }

    /// <summary>Done when all is ready and before anything is written; what it throws undoes the whole. null = nothing.</summary>
    public Func<CancellationToken, ValueTask>? Ready { get; init; }
}

/// <summary>Works out what becomes of data under a new model.</summary>
/// <param name="before">What is in force.</param>
/// <param name="after">What comes into force.</param>
/// <param name="snapshot">The data, made ready for the new model.</param>
internal delegate ValueTask<MigratedData> Migrate(Force before, Force after, ISnapshot snapshot, CancellationToken cancellation);

/// <summary>What becomes of data, and what must still be true when it is written.</summary>
internal sealed record MigratedData(IReadOnlyList<RecordEdit> Edits, IReadOnlyList<Guard> Guards);
