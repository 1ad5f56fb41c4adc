using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Compares two images record by record, byte for byte.</summary>
internal static class ImageComparison
{
    public static IReadOnlyList<string> Differences(Root one, IdMap oneMap, Root other, IdMap otherMap, BlockLog log)
    {
        var differences = new List<string>();
        var space = one.Space;
        for (var slot = 0; slot < space.Slots; slot++)
        {
            if (space[slot] is not { Exists: true } record)
                continue;
            var twin = otherMap.Find(record.Id, other.Space) is var found and >= 0 ? other.Space[found] : default;
            if (twin.Exists && twin.Span.SequenceEqual(record.Span) || HasErased(record, log))
                continue;
            differences.Add(twin.Exists ? $"Record {record.Id} is not as the log has it." : $"Record {record.Id} is not in the log.");
        }
        for (var slot = 0; slot < other.Space.Slots; slot++)
            if (other.Space[slot] is { Exists: true } record && oneMap.Find(record.Id, space) < 0)
                differences.Add($"Record {record.Id} is in the log but not in the image.");
        return differences;
    }

    private static bool HasErased(Record record, BlockLog log)
    {
        foreach (var change in log.HistoryOf(record.LastChange))
            if (change.IsErased)
                return true;
        return false;
    }
}
