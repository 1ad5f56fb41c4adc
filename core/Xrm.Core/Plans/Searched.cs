using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Search;

namespace Xrm.Core.Plans;

/// <summary>What a list is searched for and where. What is asked by it is only which things are found; how well orders them where no order is given.</summary>
/// <param name="Fields">Those of all types of the step together: for each the parts of the name in their order, then others. A type of which none is here, or none is searched, has nothing to be found.</param>
internal sealed record Searched(SearchText Text, ImmutableArray<SearchedField> Fields)
{
    /// <summary>A search in all that can be searched of some types.</summary>
    public static Searched In(SearchText text, IEnumerable<ModelType> types) => new(text, [.. types.SelectMany(Of)]);

    /// <summary>The fields of a type that can be searched, in the order of their ordinals.</summary>
    public static IEnumerable<ModelField> FieldsOf(RecordType type) => type.Fields.Where(f => f.Description.IsSearchable).OrderBy(f => f.Ordinal);

    private static IEnumerable<SearchedField> Of(ModelType type)
    {
        var searched = FieldsOf(type).ToArray();
        return searched.Length == 0
            ? []
            : type.DisplayFields.Select(f => new SearchedField(f, IsName: true))
                .Concat(searched.Except(type.DisplayFields).Select(f => new SearchedField(f, IsName: false)));
    }
}

/// <summary>A field that a search looks at.</summary>
/// <param name="IsName">Whether it is part of what the thing is called.</param>
/// <param name="SeenWhen">It counts only when this holds; null = always. Access puts it in.</param>
internal sealed record SearchedField(ModelField Field, bool IsName, Predicate? SeenWhen = null)
{
    /// <summary>Whether something can be found in it.</summary>
    public bool IsSearched => Field.Description.IsSearchable;
}
