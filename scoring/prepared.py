"""Query sets that are compiled once and then only run.

To build a query set and its SQL takes Django several times as long as to run it. What
every save asks is prepared: the ORM still writes the SQL and makes the instances, but
it writes once per thread, and afterwards only the values are new.
"""

import threading

from django.db import connection
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError


class Prepared:
    """Instances of the query set that ``build(*values)`` would give.

    stand_ins  a value for each of ``build``'s, by which it is found among the query's
               parameters: no two alike, and none that the query has besides

    A value goes to the database as it is: keys, numbers and texts, no instances.
    """

    def __init__(self, build, *stand_ins):
        self.build, self.stand_ins = build, stand_ins
        self._of_thread = threading.local()

    def __call__(self, *values):
        """A list, as the database stands now."""
        query = self._query()
        query.require_transaction()
        given = dict(zip(self.stand_ins, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(query.sql, [given.get(one, one) for one in query.parameters])
            rows = cursor.fetchall()
        return [query.instance(row) for row in query.converted(rows)]

    def one(self, *values):
        """The only instance; ``DoesNotExist`` of its model where there is none."""
        found = self(*values)
        if not found:
            raise self._query().model.DoesNotExist
        return found[0]

    def _query(self):
        if getattr(self._of_thread, "vendor", None) != connection.vendor:
            query = _Compiled(self.build(*self.stand_ins).query)
            if [query.parameters.count(one) for one in self.stand_ins] != [1] * len(
                self.stand_ins
            ):
                raise ValueError("each stand-in must be one parameter of the query")
            self._of_thread.query, self._of_thread.vendor = query, connection.vendor
        return self._of_thread.query


class _Compiled:
    """A query's SQL and how its rows become instances, as ModelIterable does it."""

    def __init__(self, query):
        compiler = query.get_compiler(using=connection.alias)
        self.sql, parameters = compiler.as_sql()
        self.parameters = tuple(parameters)
        self.locks = query.select_for_update
        selected, info = compiler.select, compiler.klass_info
        fields = info["select_fields"]
        self.model = info["model"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [one[0].target.attname for one in selected[self.own]]
        self.related = get_related_populators(info, selected, connection.alias)
        self.convert = compiler.apply_converters
        self.converters = compiler.get_converters([one[0] for one in selected])

    def require_transaction(self):
        """A lock outside of a transaction would be gone at once."""
        if (
            self.locks
            and connection.features.has_select_for_update
            and connection.get_autocommit()
        ):
            raise TransactionManagementError(
                "select_for_update cannot be used outside of a transaction."
            )

    def converted(self, rows):
        return self.convert(rows, self.converters) if self.converters else rows

    def instance(self, row):
        made = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        return made
