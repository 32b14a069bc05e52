namespace VanBanDienTu.Pdf;

/// <summary>Runs a stream's data through the filters that its dictionary names.</summary>
internal static class StreamDecoding
{
    private const int MaxFilters = 8;

    public static byte[] Decode(PdfDictionary dictionary, ReadOnlyMemory<byte> data, int max, Func<PdfObject, PdfObject> resolve, PdfBudget budget)
    {
        var filters = AsList(resolve(dictionary["Filter"]), resolve);
        var parameters = AsList(resolve(dictionary["DecodeParms"]), resolve);
        if (filters.Count > MaxFilters)
            throw PdfException.Limit($"{MaxFilters} filters on one stream");
        var current = data;
        byte[]? last = null;
        for (var i = 0; i < filters.Count; i++)
        {
            if (filters[i] is not PdfName { Value: var name })
                throw PdfException.Bad("/Filter không hợp lệ.", "/Filter is not a name.");
            last = StreamFilters.Decode(name, i < parameters.Count && parameters[i] is PdfDictionary given ? given : PdfDictionary.Empty, current, max);
            budget.Decoded(last.Length);
            current = last;
        }
        return last ?? data.ToArray();
    }

    private static List<PdfObject> AsList(PdfObject value, Func<PdfObject, PdfObject> resolve) => value switch
    {
        PdfNull => [],
        PdfArray array => [.. array.Items.Select(resolve)],
        _ => [value],
    };
}
